"""Erasing a customer: the request, what is taken out of lake and vault, and what keeps the person out.

A request in inbox/erasures/ holds digests of record keys. Whatever a later file brings of these records is
taken out again by the run that takes the file, before anything reads it.
"""

from dagster_project.lib.erasing.requests import erased, living, paths
from dagster_project.lib.erasing.sweeping import sweep

__all__ = ["erased", "living", "paths", "sweep"]
