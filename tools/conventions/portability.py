"""Whether compiled SQL reads the same to Apache Spark as to DuckDB: it parses, and uses only what both know.

Works on the Spark form of a model (`compiled`), in which the dispatched macros already stand as Spark writes
them. It lints; it proves nothing: that both engines give the same rows is for a run on both. A function is
allowed when it stands in `functions.txt`, which grows by a dispatch macro or by a test on Spark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from sqlglot import exp, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from tools.conventions.findings import Finding

RULE = "portability"

_NO_FUNCTION = frozenset(
    {
        *("all", "and", "any", "as", "between", "by", "case", "cube", "distinct", "else", "except", "exists"),
        *("filter", "from", "grouping", "group", "having", "ilike", "in", "inner", "intersect", "interval"),
        *("is", "join", "lateral", "like", "limit", "not", "on", "or", "order", "over", "partition", "pivot"),
        *("qualify", "rollup", "select", "sets", "then", "union", "unpivot", "using", "values", "when"),
        *("where", "window", "with", "within"),
    }
)
"""Words that may stand before a bracket without being a function."""

_TYPES_OF_ONE_ENGINE = {
    "varchar": "string",
    "text": "string",
    "char": "string",
    "hugeint": "decimal(38, 0)",
    "timestamptz": "timestamp (wall clock)",
    "json": "string",
    "uuid": "string",
    "real": "float",
}
_PATTERN_OF_ONE_ENGINE = re.compile(r"\(\?<?[=!]|\\p\{")


@cache
def allowed_functions() -> frozenset[str]:
    """The names of `functions.txt`, lower case."""
    lines = (Path(__file__).parent / "functions.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines for word in line.split("#", 1)[0].split())


def check(path: str, sql: str) -> list[Finding]:
    """Findings of one compiled model, each once. Lines are those of the compiled text."""
    dialect = Dialect.get_or_raise("spark")
    try:
        words = dialect.tokenize(sql)
        trees = dialect.parser().parse(words, sql)
    except SqlglotError as error:
        first_line = str(error).split("\n", 1)[0]
        return [Finding(path, 1, RULE, f"does not parse as Spark SQL: {first_line}")]
    ctes = {cte.alias.lower() for tree in trees if tree is not None for cte in tree.find_all(exp.CTE)}
    found = [*_functions(words, ctes), *_tokens(words)]
    for tree in trees:
        found += _shapes(tree) if tree is not None else []
    return sorted({Finding(path, line, RULE, text) for line, text in found})


def _functions(words: list[tokens.Token], ctes: set[str]) -> Iterator[tuple[int, str]]:
    """Function names as they are written: the parser would translate them and hide the difference."""
    for before, word, after in _threes(words):
        name = word.text.lower()
        is_call = after.token_type is tokens.TokenType.L_PAREN and re.fullmatch(r"[a-z_]\w*", name)
        is_alias = before.token_type is tokens.TokenType.ALIAS or before.text.lower() == "pivot"
        if is_call and not is_alias and name not in _NO_FUNCTION | ctes | allowed_functions():
            yield (
                word.line,
                f"function {name} is not known to mean the same on Spark: use a macro that dispatches",
            )


def _tokens(words: list[tokens.Token]) -> Iterator[tuple[int, str]]:
    for before, word, _after in _threes(words):
        kind, text = word.token_type, word.text.lower()
        if kind in {tokens.TokenType.L_BRACKET, tokens.TokenType.L_BRACE}:
            yield word.line, f"`{word.text}`: lists and structs count and print differently: use a macro"
        elif kind is tokens.TokenType.DARROW:
            yield word.line, "`->>` is DuckDB's: use json_text"
        elif before.token_type is tokens.TokenType.ALIAS and text in _TYPES_OF_ONE_ENGINE:
            if _after.token_type in {tokens.TokenType.R_PAREN, tokens.TokenType.L_BRACKET}:
                yield word.line, f"type {text}: write {_TYPES_OF_ONE_ENGINE[text]}"
        elif kind is tokens.TokenType.STRING and _PATTERN_OF_ONE_ENGINE.search(word.text):
            yield (
                word.line,
                f"pattern {word.text!r}: no look-around and no \\p{{…}} in DuckDB; list the characters",
            )


def _threes(words: list[tokens.Token]) -> Iterable[tuple[tokens.Token, tokens.Token, tokens.Token]]:
    """Each token between its neighbours; the ends stand for themselves."""
    return zip(words[:1] + words, words, words[1:] + words[-1:], strict=False)


def _shapes(tree: exp.Expr) -> Iterator[tuple[int, str]]:
    for node in tree.walk():
        if isinstance(node, exp.Ordered) and node.args.get("nulls_first") and not node.args.get("desc"):
            yield 1, f"order by {node.this.sql('spark')}: nulls come first on Spark: write nulls last"
        elif isinstance(node, exp.Distinct) and node.args.get("on"):
            yield 1, "distinct on is not known to Spark: row_number() over a stated key and order"
        elif isinstance(node, exp.AtTimeZone):
            yield 1, "at time zone: times are wall clocks of Asia/Shanghai; convert at the door"
        elif isinstance(node, exp.Trim) and node.expression:
            yield 1, "trim with characters to trim: use its form with one argument"
        elif isinstance(node, exp.SetOperation) and node.args.get("by_name"):
            yield 1, "union by name: list the columns"
