"""Tools for people who add a channel: files dry-run against their contract, contracts drafted from a file.

How a file is read under a contract is ingestion's work; nothing here writes to a data folder.
"""
