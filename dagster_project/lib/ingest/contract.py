"""A source's contract: contract.yml and column_map.csv, validated and typed.

What a contract can say is here and in contract.schema.yml; what is done with it is in the modules that read
files, derive columns and type cells.
"""

from __future__ import annotations

import csv
import re
import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.lib.feeds import Feed, load_feeds
from dagster_project.lib.ingest.contract_folders import COLUMN_MAP_FILE, CONTRACT_FILE
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.headers import canonical_header

PAID_COLUMNS = {"order": "paid_amount_cny", "line": "paid_share_cny"}
PAID_HELPER = "paid_amount"
"""The name that a column map gives to the paid amount; its scope in the contract says which column it
fills."""
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Contract:
    """One source. `body` is the validated YAML; `headers` maps each column to its headers, best first."""

    source: str
    feed: Feed
    folder: Path
    body: dict[str, Any]
    headers: dict[str, tuple[str, ...]]

    @property
    def version(self) -> int:
        return int(self.body["version"])

    @property
    def channel(self) -> str | None:
        return self.body.get("channel")

    @property
    def grain(self) -> str | None:
        """`order` or `line` of the orders feed, `document` of complete re-exported documents, else null."""
        return self.body.get("grain")

    @property
    def helpers(self) -> dict[str, str]:
        """Types of mapped columns that are no columns of the feed."""
        return self.body.get("helpers", {})

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that a file must carry."""
        return tuple(self.body.get("required", ()))

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that no accepted row leaves empty."""
        return tuple(dict.fromkeys((*self.feed.required, *self.body.get("key", ()))))

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 — a YAML value
        return self.body.get(name, default)

    def type_of(self, column: str) -> str:
        """Feed type of a canonical or helper column."""
        return self.feed.columns[column].type if column in self.feed.columns else self.helpers[column]

    @property
    def kept_helpers(self) -> set[str]:
        """Helpers whose cells stay in `extras`: all but those that are copied to a column as they are."""
        return set(self.helpers) - set(self.get("copies", {}).values())

    def known_headers(self) -> dict[str, str]:
        """Canonical header → one column it is mapped to."""
        return {header: column for column, headers in self.headers.items() for header in headers}


def load_contract(folder: Path) -> Contract:
    """The contract of one folder. Raises ContractError that names the file, the key and how to mend it."""
    path = folder / CONTRACT_FILE
    try:
        body = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    for problem in _validator().iter_errors(body):
        where = ".".join(str(part) for part in problem.absolute_path) or "top level"
        raise ContractError(f"{path}: {where}: {problem.message}; the keys are told in docs/channels.md")
    if body["source"] != folder.name:
        raise ContractError(
            f"{path}: source is {body['source']}, the folder is {folder.name}: make them equal"
        )
    feed = load_feeds().get(body["feed"])
    if feed is None:
        raise ContractError(f"{path}: feed {body['feed']} is unknown; feeds.yml names them")
    paid = body.get("paid_amount")
    helpers = dict(body.get("helpers", {})) | ({PAID_HELPER: "money"} if paid else {})
    copies = dict(body.get("copies", {})) | ({PAID_COLUMNS[paid]: PAID_HELPER} if paid else {})
    body = body | {"helpers": helpers, "copies": copies}
    contract = Contract(body["source"], feed, folder, body, _headers(folder, body, feed))
    _check(contract, path)
    return contract


def _headers(folder: Path, body: dict[str, Any], feed: Feed) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[tuple[float, str]]] = {}
    if body.get("headers", "map") == "feed":
        found = {column: [(0.0, column)] for column in feed.columns}
    path = folder / COLUMN_MAP_FILE
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                try:
                    entry = (float(row["priority"] or 1), canonical_header(row["header"]))
                    found.setdefault(row["column"], []).append(entry)
                except (KeyError, ValueError, TypeError) as error:
                    raise ContractError(
                        f"{path}: row {row} is not column,header,priority (a number)"
                    ) from error
    unknown = sorted(set(found) - set(feed.columns) - set(body["helpers"]))
    if unknown:
        raise ContractError(f"{path}: {unknown} are no columns of {feed.name}; declare them under helpers")
    return {column: tuple(header for _, header in sorted(entries)) for column, entries in found.items()}


def _check(contract: Contract, path: Path) -> None:
    """Names that the contract uses must exist, and its words must be canonical ones."""
    columns = {*contract.feed.columns, *contract.helpers}
    used = {*contract.required, *contract.get("key", ()), *contract.get("constants", {})}
    used |= (
        set(contract.get("from_export_time", ()))
        | set(contract.get("sums", {}))
        | set(contract.get("compose", {}))
    )
    used |= {*contract.get("copies", {}), *contract.get("copies", {}).values()}
    for parts in contract.get("sums", {}).values():
        used |= set(parts)
    for rule in contract.get("words", ()):
        used |= {rule["from"], rule["into"]}
        allowed = canonical_words()[rule["list"]]
        wrong = sorted({*rule.get("map", {}).values()} - set(allowed))
        if wrong:
            raise ContractError(f"{path}: words: {wrong} are not in the list {rule['list']} of words.yml")
    for template in contract.get("compose", {}).values():
        used |= {name for _, name, _, _ in string.Formatter().parse(template) if name}
    for rule in contract.get("ordinals", {}).values():
        used |= {*rule["within"], rule["prefix"]}
    for rule in contract.get("split", ()):
        used |= {rule["from"], *re.compile(rule["pattern"]).groupindex}
    for pattern in contract.get("from_name", ()):
        used |= set(re.compile(pattern).groupindex)
    for rule in contract.get("refine", ()):
        used |= {rule["column"], rule["by"]}
    for target, rule in contract.get("on_newest", {}).items():
        used |= {target, rule["value"], rule["time"], *rule["within"]}
    used |= set(contract.get("always_negative", ()))
    for target, rule in contract.get("when_absent", {}).items():
        used |= {target, rule["value"], rule["column"]}
    for target, rule in contract.get("signed_by", {}).items():
        used |= {target, rule["column"]}
    if used - columns:
        raise ContractError(
            f"{path}: {sorted(used - columns)} are no columns of {contract.feed.name}, nor helpers"
        )


@cache
def canonical_words() -> dict[str, list[str]]:
    """The canonical words by list."""
    return yaml.load((_HERE / "words.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def _validator() -> Any:  # noqa: ANN401 — jsonschema ships no types
    from jsonschema import Draft202012Validator

    schema = yaml.load((_HERE / "contract.schema.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Draft202012Validator(schema)
