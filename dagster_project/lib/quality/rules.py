"""The suites as data: which rules there are for an entity, and what each expects; no rule is judged here."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.settings import PROJECT_ROOT

SUITES = Path(__file__).with_name("suites.yml")
SEED = PROJECT_ROOT / "dbt" / "seeds" / "quality_rules.csv"
CRITICAL = "critical"
EXPECTATIONS = frozenset({"regex", "known", "one_of", "between", "sound"})


@dataclass(frozen=True)
class Rule:
    """One rule of a suite. `arguments` are those of its expectation."""

    code: str
    field: str
    expect: str
    arguments: Mapping[str, Any]
    severity: str
    owner: str
    dimension: str
    tolerance: float
    """Share of the records, 0–1, that may fail before the suite as a whole counts as failed."""


@dataclass(frozen=True)
class Suite:
    """The rules of one entity. Its records are named by `key`, joined by `/`, then `@` and `since`."""

    entity: str
    feed: str
    key: tuple[str, ...]
    since: str | None
    rules: tuple[Rule, ...]


def texts() -> dict[str, dict[str, str]]:
    """The rows of the seed quality_rules, by rule code: of rules of suites and of those found in dbt."""
    with SEED.open(encoding="utf-8", newline="") as file:
        return {row["rule_code"]: row for row in csv.DictReader(file)}


@cache
def suites() -> dict[str, Suite]:
    """All suites by entity. Raises KeyError where the seed does not know a rule, ValueError for an unknown
    expectation: both are held by a test."""
    known = texts()
    return {
        entity: _suite(entity, body, known)
        for entity, body in yaml.safe_load(SUITES.read_text("utf-8")).items()
    }


def _suite(entity: str, body: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> Suite:
    rules = []
    for code, rule in body["rules"].items():
        if rule["expect"] not in EXPECTATIONS:
            raise ValueError(f"{SUITES.name}: {entity}.{code}: {rule['expect']} is no expectation")
        told = known[code]
        arguments = {name: value for name, value in rule.items() if name not in ("field", "expect")}
        rules.append(
            Rule(
                code,
                rule["field"],
                rule["expect"],
                arguments,
                told["severity"],
                told["owner"],
                told["dimension"],
                float(told["tolerance"]),
            )
        )
    return Suite(entity, body["feed"], tuple(body["key"]), body.get("since"), tuple(rules))
