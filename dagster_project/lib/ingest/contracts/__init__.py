"""Contracts: what a source's files look like, validated and typed. What is done with them is not here."""
