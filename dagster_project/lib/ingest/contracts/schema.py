"""contract.yml → a validated body: YAML without doubled keys, judged by the published JSON Schema.

What the columns and words in it mean is checked in contract_names.py. A problem is told in one line: the file
and its line, the key, what is wrong, how to mend it.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Hashable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from dagster_project.lib.ingest.errors import ContractError

if TYPE_CHECKING:
    from jsonschema import ValidationError

SCHEMA_FILE = Path(__file__).parents[3] / "channels" / "contract.schema.json"
_LIKENESS = 0.6
_LISTED = 24


def read_body(path: Path) -> dict[str, Any]:
    """The validated content of a contract. Raises ContractError for the first problem of the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContractError(f"{path}: not UTF-8 (byte {error.start + 1}); save it as UTF-8") from error
    try:
        body = yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise ContractError(f"{path}: not YAML: {' '.join(str(error).split())}; mend that line") from error
    if not isinstance(body, dict):
        raise ContractError(f"{path}: no keys and values; begin with `version: 1` and `source: …`")
    try:
        json.dumps(body, default=str)
    except ValueError as error:
        raise ContractError(f"{path}: a YAML alias stands inside what it names; write it out") from error
    problems = sorted(validator().iter_errors(body), key=lambda problem: list(map(str, problem.path)))
    if problems:
        raise problem_at(path, list(problems[0].absolute_path), _told(problems[0]), text)
    return body


def problem_at(path: Path, keys: list[Hashable], what: str, text: str | None = None) -> ContractError:
    """The error of one key, with the line on which it stands."""
    text = path.read_text(encoding="utf-8-sig") if text is None else text
    where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
    told = f"line {_line_of(text, keys)}: {f'{where}: ' if where else ''}{what}"
    return ContractError(f"{path}: {' '.join(told.split())}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` for a near miss, else nothing."""
    near = difflib.get_close_matches(word, list(known), 1, _LIKENESS)
    return f"; did you mean {near[0]}?" if near else ""


@cache
def validator() -> Any:  # noqa: ANN401 — jsonschema ships no types
    """Of contracts, made once: its library takes 0.07 s to import."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def _told(problem: ValidationError) -> str:
    """What is wrong with a key and how to mend it, in one line."""
    value, limit = problem.instance, problem.validator_value
    shown = json.dumps(value, ensure_ascii=False, default=str)[:60]
    match problem.validator:
        case "additionalProperties":
            known = list(problem.schema.get("properties", {}))
            strange = next(str(key) for key in value if key not in known)
            near = did_you_mean(strange, known) or f"; the keys are {_listed(known)}"
            told = f"{strange} is no key here{near} (docs/channels.md)"
        case "required":
            missing = ", ".join(key for key in limit if key not in value)
            told = f"{missing} is missing; add it (docs/channels.md tells each key)"
        case "enum":
            told = f"{shown} is none of {_listed(limit)}{did_you_mean(str(value), map(str, limit))}"
        case "type":
            kinds = " or ".join(_KINDS[kind] for kind in ([limit] if isinstance(limit, str) else limit))
            quoted = " (in quotes)" if kinds == _KINDS["string"] else ""
            told = f"{shown} is {_kind(value)}; write {kinds}{quoted}"
        case "const":
            told = f"{shown} is not known to this version of Luyue, which reads {limit}"
        case "pattern":
            told = f"{shown} must match {limit}; use lower-case letters, digits and _"
        case _:
            told = f"{' '.join(problem.message.split())}; docs/channels.md tells what it may be"
    return told


_KINDS = {
    "object": "keys and values", "array": "a list", "string": "a text", "integer": "a whole number",
    "number": "a number", "boolean": "true or false", "null": "null",
}  # fmt: skip


def _kind(value: object) -> str:
    types = {
        dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number",
    }  # fmt: skip
    return _KINDS[types.get(type(value), "null")]


def _listed(words: list[Any]) -> str:
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(map(str, words[:_LISTED])) + more


def _line_of(text: str, keys: list[Hashable]) -> int:
    """The line (from 1) of the value at a path, or of the nearest key above it."""
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
    return line


class _StrictLoader(yaml.CSafeLoader):
    """Refuses a key that stands twice: YAML would silently forget the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)
