"""What the steps of the stock ledger are on Apache Spark, as far as shows without one: SQL that parses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from tools.conventions import compiled, portability

PROJECT = Path(__file__).resolve().parents[3] / "dbt"
STEPS = ("movements__keyed", "movements__exports", "movements__ledger", "balances__current", "counts__booked")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The project's models as Spark gets them, and beside each step how its table is written."""
    scratch = tmp_path_factory.mktemp("spark")
    project = scratch / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs", ".user.yml"))
    for is_new in (True, False):
        (project / "tests" / f"assert_written_{is_new}.sql").write_text(
            "{{ overwritten_rows(ref('int_stock_balances__current'), 'with a as (select 1 as one) "
            f"select one from a', {is_new}) }}}}",
            "utf-8",
        )
    return dict(compiled.compile_for_spark(project, scratch / "compile").sql)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_of_everything(texts: dict[str, str], step: str) -> None:
    """No table of the schema `increments` is there to say what is new, and none is asked for."""
    sql = next(sql for path, sql in texts.items() if path.endswith(f"/int_stock_{step}.sql"))
    assert "increments." not in sql
    assert portability.check(step, sql) == []
    assert isinstance(sqlglot.parse_one(sql, dialect="spark"), exp.Select)


def test_a_table_is_overwritten_whole(texts: dict[str, str]) -> None:
    first, again = (
        sqlglot.parse_one(texts[f"dbt/tests/assert_written_{is_new}.sql"], dialect="spark")
        for is_new in (True, False)
    )
    assert isinstance(first, exp.Create)
    assert isinstance(again, exp.Insert)
    assert again.args["overwrite"]
    assert again.find(exp.Select) is not None
