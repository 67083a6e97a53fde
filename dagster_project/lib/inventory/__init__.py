"""The stock ledger outside a run: whether it still agrees with itself, and what it says of one key."""

from dagster_project.lib.inventory.asking import Book, Explained, book, explained
from dagster_project.lib.inventory.proving import Proof, prove

__all__ = ["Book", "Explained", "Proof", "book", "explained", "prove"]
