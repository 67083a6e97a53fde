"""A source's contract: contract.yml and column_map.csv, validated and typed.

What a contract can say stands in channels/contract.schema.json; what is done with it is in the modules that
read files, derive columns and type cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.lib.feeds import Feed, load_feeds
from dagster_project.lib.ingest.contracts.column_maps import read_column_map
from dagster_project.lib.ingest.contracts.folders import CONTRACT_FILE
from dagster_project.lib.ingest.contracts.forms import check_forms
from dagster_project.lib.ingest.contracts.names import check_names
from dagster_project.lib.ingest.contracts.schema import problem_at, read_body
from dagster_project.lib.ingest.contracts.types import check_types
from dagster_project.lib.ingest.readers.headers import canonical_header

PAID_COLUMNS = {"order": "paid_amount_cny", "line": "paid_share_cny"}
PAID_HELPER = "paid_amount"
"""The name that a column map gives to the paid amount; its scope in the contract says which column it
fills."""
OPEN_LISTS = frozenset({"channel"})
"""Lists of words that a contract may add to: a new contract may bring a channel that nobody knew."""
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
    def known_extras(self) -> frozenset[str]:
        """Canonical headers that are meant to stay in `extras`."""
        return frozenset(canonical_header(header) for header in self.body.get("extras", ()))

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
    body = read_body(path)
    if body["source"] != folder.name:
        told = f"{body['source']} is not the name of its folder, {folder.name}; make them equal"
        raise problem_at(path, ["source"], told)
    feed = load_feeds()[body["feed"]]
    paid = body.get("paid_amount")
    if paid and PAID_COLUMNS[paid] not in feed.columns:
        raise problem_at(path, ["paid_amount"], f"the feed {feed.name} has no paid amount; remove the key")
    helpers = dict(body.get("helpers", {})) | ({PAID_HELPER: "money"} if paid else {})
    copies = dict(body.get("copies", {})) | ({PAID_COLUMNS[paid]: PAID_HELPER} if paid else {})
    body = body | {"helpers": helpers, "copies": copies}
    headers = read_column_map(folder, {*feed.columns, *helpers})
    if body.get("headers") == "feed":
        headers = {name: tuple(dict.fromkeys((name, *headers.get(name, ())))) for name in feed.columns} | {
            name: found for name, found in headers.items() if name not in feed.columns
        }
    contract = Contract(body["source"], feed, folder, body, headers)
    check_names(contract, canonical_words(), OPEN_LISTS)
    check_types(contract)
    check_forms(contract)
    return contract


@cache
def canonical_words() -> dict[str, list[str]]:
    """The canonical words by list."""
    return yaml.load((_HERE / "words.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
