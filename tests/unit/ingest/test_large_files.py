"""What a process is set to while it reads large files is undone by the last thread that leaves, however."""

from __future__ import annotations

import sys

import pyarrow as pa
import pytest

from dagster_project.lib.ingest.large_files import kept_memory, quick_turns


def test_turns_are_quick_until_the_last_leaves() -> None:
    usual = sys.getswitchinterval()
    with quick_turns:
        with quick_turns:
            quick = sys.getswitchinterval()
        assert sys.getswitchinterval() == quick < usual
    assert sys.getswitchinterval() == usual


def test_an_error_undoes_it_too() -> None:
    """A file that cannot be read must not leave the process as it was set for it."""
    pool, turns = pa.default_memory_pool().backend_name, sys.getswitchinterval()
    with pytest.raises(OSError, match="gone"), quick_turns, kept_memory:
        assert pa.default_memory_pool().backend_name == "system"
        raise OSError("gone")
    assert (pa.default_memory_pool().backend_name, sys.getswitchinterval()) == (pool, turns)
