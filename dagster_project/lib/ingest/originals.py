"""Where the bytes of a taken file still are: at its place in landing/, under another name there, or archived.

A file counts only if its content is the one that was taken; what is done with it does not belong here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dagster_project.lib.ingest.readers.digests import batch_id_of_file
from dagster_project.lib.ingest.scanning import FoundFile, read_index
from dagster_project.settings import Settings


class Originals:
    """The files of one data folder that may still hold what was taken."""

    def __init__(self, settings: Settings) -> None:
        self._roots = (settings.landing, settings.data / "archive")
        self._copies: dict[str, list[str]] = {}
        for name, (_, _, content) in read_index(settings.lake).files.items():
            self._copies.setdefault(str(content), []).append(name)

    def find(self, source: str, source_file: str, content_id: str) -> FoundFile | None:
        """The file with this content; None where no place holds it any more."""
        for path in self._places(source, source_file, content_id):
            if path.is_file() and batch_id_of_file(source, path) == content_id:
                stat = path.stat()
                return FoundFile(source, path, source_file, stat.st_size, stat.st_mtime_ns, content_id)
        return None

    def _places(self, source: str, source_file: str, content_id: str) -> Iterator[Path]:
        for root in self._roots:
            for name in dict.fromkeys((source_file, *self._copies.get(content_id, ()))):
                yield root / name
            yield from sorted((root / source).rglob(f"*{content_id}*"))
