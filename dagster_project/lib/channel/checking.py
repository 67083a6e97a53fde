"""Files dry-run against their contract: what would be taken, what refused and why, and what to add.

Nothing is written. How a file is read is ingestion's work (`lib/ingest/preview.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dagster_project.lib.channel.content import personal_kind
from dagster_project.lib.channel.profile import Profile, profile
from dagster_project.lib.channel.vocabulary import all_contracts, header_words, vocabularies
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.contracts.column_maps import known_headers
from dagster_project.lib.ingest.contracts.contract import Contract, load_contract
from dagster_project.lib.ingest.contracts.drift import Drift, drift
from dagster_project.lib.ingest.contracts.folders import COLUMN_MAP_FILE, CONTRACT_FILE, source_folders
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.personal.extras import private_kind
from dagster_project.lib.ingest.preview import Preview, dry_run
from dagster_project.lib.ingest.readers.headers import canonical_header

LEAST_HEADERS = 2
"""Headers that a contract must know of a file to be taken for its own."""
SHOWN_ROWS = 5
_WORD_NOTICE = re.compile(
    r"^unknown (?P<column>\w+) words, [^:]*: (?P<words>.*); add them to the contract's words$"
)


@dataclass
class FileCheck:
    """What became of one file. `error` says why it could not be judged at all."""

    file: Path
    source: str | None = None
    chosen_by: str = ""
    """`option`, `folder` or `headers`."""
    contract: Contract | None = None
    preview: Preview | None = None
    drift: Drift | None = None
    error: str = ""
    add: list[str] = field(default_factory=list)
    """Lines to paste, each after the name of the file that it goes into."""

    @property
    def is_bad(self) -> bool:
        """Whether the file would be refused whole, or could not be judged."""
        return bool(self.error) or (self.preview is not None and self.preview.refusal is not None)


def check(files: list[Path], channels: tuple[Path, ...], source: str | None = None) -> list[FileCheck]:
    """One result a file. Raises LuyueError for a source that has no contract."""
    folders = source_folders(channels)
    if source is not None and source not in folders:
        raise LuyueError(f"{source}: no contract of this name; give its folder's parent with --channels")
    return [_check(file, folders, channels, source) for file in files]


def check_contracts(channels: tuple[Path, ...]) -> dict[str, str]:
    """Every source of the folders, and what is wrong with its contract (empty if nothing is)."""
    told = {}
    for source, folder in source_folders(channels).items():
        try:
            load_contract(folder)
            told[source] = ""
        except ContractError as error:
            told[source] = " ".join(str(error).split())
    return told


def _check(
    file: Path, folders: Mapping[str, Path], channels: tuple[Path, ...], source: str | None
) -> FileCheck:
    result = FileCheck(file)
    if not file.is_file():
        result.error = f"{file}: no such file"
        return result
    try:
        result.source, result.chosen_by = _source_of(file, folders, channels, source)
        result.contract = load_contract(folders[result.source])
        result.preview = dry_run(file, result.contract)
    except (LuyueError, ContractError, OSError) as error:
        result.error = " ".join(str(error).split())
        return result
    elsewhere = known_headers(_usable(channels, result.contract), result.contract.feed.name)
    result.drift = drift(result.preview.headers, result.contract, elsewhere)
    result.add = _to_add(result.preview, result.drift, result.contract, file)
    return result


def _usable(channels: tuple[Path, ...], contract: Contract) -> tuple[Path, ...]:
    """The folders whose contracts can all be loaded: a broken neighbour is not this file's matter."""
    usable = []
    for folder in channels:
        try:
            for inner in source_folders([folder]).values():
                load_contract(inner)
            usable.append(folder)
        except ContractError:
            continue
    return tuple(usable) or (contract.folder.parent,)


def _source_of(
    file: Path, folders: Mapping[str, Path], channels: tuple[Path, ...], source: str | None
) -> tuple[str, str]:
    """The source of a file: as given, by the folder it lies in, else by its headers."""
    if source is not None:
        return source, "option"
    for parent in file.resolve().parents:
        if parent.name in folders:
            return parent.name, "folder"
    contracts = all_contracts(channels)
    seen = profile(file, header_words(vocabularies(contracts)))
    best = max(contracts, key=lambda contract: _likeness(seen, contract), default=None)
    if best is None or _likeness(seen, best)[1] < LEAST_HEADERS:
        raise LuyueError(
            f"{file}: no contract knows its headers ({', '.join(seen.headers[:8])}); draft one with "
            f"`luyue channel new NAME --from {file}`"
        )
    return best.source, "headers"


def _likeness(seen: Profile, contract: Contract) -> tuple[bool, int, float]:
    """Whether all required columns are there, how many headers are known, and their share."""
    named = {canonical_header(header) for header in seen.headers}
    known = named & contract.known_headers().keys()
    required = [contract.headers.get(column, ()) for column in contract.required]
    whole = all(named & set(headers) for headers in required if headers)
    return (
        whole and len(known) >= LEAST_HEADERS,
        len(known),
        len(known) / max(len(contract.known_headers()), 1),
    )


def _to_add(preview: Preview, found: Drift, contract: Contract, file: Path) -> list[str]:
    """What would make the file fit better, as lines of column_map.csv and contract.yml."""
    lines = []
    for suggestion in found.suggestions:
        priority = len(contract.headers.get(suggestion.column, ())) + 1
        lines.append(f"{COLUMN_MAP_FILE}: {suggestion.column},{suggestion.header},{priority}")
    if found.new:
        lines.append(f"{CONTRACT_FILE}: extras: [{', '.join(map(_quoted, found.new))}]")
    private = _private(file, found, contract)
    if private:
        told = ", ".join(f"{_quoted(header)}: {kind}" for header, kind in private.items())
        lines.append(f"{CONTRACT_FILE}: private_headers: {{{told}}}")
    for notice in preview.notices:
        if match := _WORD_NOTICE.match(notice):
            words = [word.rpartition(" (")[0] for word in match["words"].split(", ")]
            lines += [f"{CONTRACT_FILE}: words, into {match['column']}: {_quoted(w)}: ?" for w in words if w]
    return lines


def _private(file: Path, found: Drift, contract: Contract) -> dict[str, str]:
    """New columns whose cells look personal while their headers do not tell."""
    if not found.new:
        return {}
    try:
        seen = profile(file, contract.known_headers())
    except LuyueError:
        return {}
    told = {}
    for position, header in enumerate(seen.headers):
        if header in found.new and private_kind(header, contract.get("private_headers", {})) is None:
            kind = personal_kind(seen.cells[f"c{position}"])
            if kind:
                told[header] = "text" if kind == "address" else kind
    return told


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
