"""Pieces of a page: values in, HTML text out. Everything that comes from data is escaped here."""
