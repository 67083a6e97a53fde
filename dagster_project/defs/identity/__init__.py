"""Standardised addresses and customer ids, from the lake and the vault."""
