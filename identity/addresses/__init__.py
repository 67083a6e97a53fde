"""Standardising Chinese addresses."""
