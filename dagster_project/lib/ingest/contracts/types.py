"""Whether the columns that a rule of a contract brings together have types that go together.

Rules on text run before typing and take any column; those on typed values are judged here. That the columns
exist was checked before, in contract_names.py.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dagster_project.lib.ingest.contracts.folders import CONTRACT_FILE
from dagster_project.lib.ingest.contracts.names import Place
from dagster_project.lib.ingest.contracts.schema import problem_at

if TYPE_CHECKING:
    from dagster_project.lib.ingest.contracts.contract import Contract

NUMBERS = ("money", "qty", "int", "float")
TEXTS = ("text", "json")
OPTIONAL = "?"
"""Format of a part of a composed id that may be empty; an empty part without it leaves the id empty."""
Need = tuple[Place, str, tuple[str, ...]]
"""Where a column is named, which, and the types that it may have."""


def check_types(contract: Contract) -> None:
    """Raises ContractError for the first column that its rule cannot use."""
    path = contract.folder / CONTRACT_FILE
    for place, column, types in _needs(contract):
        if (found := contract.type_of(column)) not in types:
            told = f"{column} is {found}, this rule needs {' or '.join(types)}; name another column"
            raise problem_at(path, place, told)
    for target, template in contract.get("compose", {}).items():
        for _, name, form, _ in string.Formatter().parse(template):
            if form and form != OPTIONAL and contract.type_of(name or "") != "ts":
                told = f"{{{name}:{form}}} formats {name}, which is no time; write {{{name}}} or {{{name}:?}}"
                raise problem_at(path, ["compose", target], told)


def _needs(contract: Contract) -> Iterator[Need]:
    get = contract.get
    if "window" in contract.body:
        yield ["window", "column"], contract.body["window"]["column"], ("ts",)
    for target, rule in get("infer_time", {}).items():
        yield ["infer_time", target], target, ("ts",)
        yield ["infer_time", target, "from"], rule["from"], TEXTS
        yield ["infer_time", target, "marks"], rule["marks"], ("bool",)
    for i, column in enumerate(get("always_negative", ())):
        yield ["always_negative", i], column, NUMBERS
    for target, parts in get("sums", {}).items():
        yield from ((["sums", target], column, NUMBERS) for column in (target, *parts))
    for target, rule in get("signed_by", {}).items():
        yield ["signed_by", target], target, NUMBERS
        yield ["signed_by", target, "column"], rule["column"], TEXTS
    for target, origin in get("copies", {}).items():
        yield ["copies", target], origin, _alike(contract, target)
    for target, rule in get("when_absent", {}).items():
        yield ["when_absent", target, "value"], rule["value"], _alike(contract, target)
        yield ["when_absent", target, "column"], rule["column"], TEXTS
    yield from ((["compose", target], target, TEXTS) for target in get("compose", {}))
    for target, rule in get("ordinals", {}).items():
        yield ["ordinals", target], target, TEXTS
        yield ["ordinals", target, "prefix"], rule["prefix"], TEXTS


def _alike(contract: Contract, target: str) -> tuple[str, ...]:
    kind = contract.type_of(target)
    return next((kinds for kinds in (NUMBERS, TEXTS) if kind in kinds), (kind,))
