"""Linking the customer records of a file: read, linked, written, and kept in a folder of state."""

import identity.returning  # noqa: F401 (before Polars is)
from dagster_project.lib.identity_files.linking import link_file

__all__ = ["link_file"]
