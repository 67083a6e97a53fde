"""A small dbt project, compiled into its Spark text by dbt itself, and linted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.conventions import compiled, layers, portability

FILES = {
    "dbt_project.yml": (
        "name: luyue\nprofile: p\nmodels:\n  luyue:\n    staging: {+materialized: view, +tags: [lasting]}\n"
    ),
    "profiles.yml": """p:
  target: t
  outputs:
    t: {type: duckdb, path: "{{ env_var('DBT_ENV_SECRET_LUYUE_WAREHOUSE') }}"}
""",
    "macros/later.sql": """
{% macro add_hours(at) %}{{ return(adapter.dispatch('add_hours', 'luyue')(at)) }}{% endmacro %}
{% macro default__add_hours(at) %}{{ at }} + to_hours(1){% endmacro %}
{% macro spark__add_hours(at) %}timestampadd(hour, 1, {{ at }}){% endmacro %}
{% macro hidden() %}{{ return(ref('stg_a')) }}{% endmacro %}
""",
    "models/staging/_s.yml": "sources:\n  - name: lake\n    tables: [{name: a}]\n",
    "models/staging/stg_a.sql": "select {{ add_hours('t') }} as later from {{ source('lake', 'a') }}\n",
    "models/marts/core/fct_a.sql": (
        "-- depends_on: {{ ref('stg_a') }}\n"
        "{{ config(materialized='table') }}\n"
        "select epoch(later) as e, cast(later as {{ dbt.type_string() }}) as s from {{ hidden() }}\n"
    ),
    "tests/assert_a.sql": "select * from {{ ref('fct_a') }} order by e\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project with a portable staging model, and a mart that breaks two rules, one by a macro."""
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "project"


def test_a_bad_model_is_found_by_what_dbt_makes_of_it(project: Path, tmp_path: Path) -> None:
    """The macro's Spark form stands in the text; a ref inside a macro counts; tests are linted."""
    made = compiled.compile_for_spark(project, tmp_path / "scratch")

    assert (
        made.sql["dbt/models/staging/stg_a.sql"].strip()
        == "select timestampadd(hour, 1, t) as later from compile.lake.a"
    )
    found = {path: [f.text for f in portability.check(path, sql)] for path, sql in made.sql.items()}
    assert found["dbt/models/staging/stg_a.sql"] == []
    assert [t.split(" is not")[0] for t in found["dbt/models/marts/core/fct_a.sql"]] == ["function epoch"]
    assert "nulls last" in found["dbt/tests/assert_a.sql"][0]
    assert [f.path for f in layers.check(made.manifest)] == ["dbt/models/marts/core/fct_a.sql"]
    assert not (project / "target").exists()


def test_what_dbt_refuses_is_said_in_its_words(project: Path, tmp_path: Path) -> None:
    """A project that does not compile is a finding, not a stack trace."""
    (project / "models/marts/core/fct_a.sql").write_text("select * from {{ ref('nobody') }}")
    with pytest.raises(compiled.CompileError, match="nobody"):
        compiled.compile_for_spark(project, tmp_path / "scratch")


def test_a_view_says_whether_it_is_of_touched_orders_or_lasts(project: Path, tmp_path: Path) -> None:
    (project / "dbt_project.yml").write_text("name: luyue\nprofile: p\n", "utf-8")
    made = compiled.compile_for_spark(project, tmp_path / "scratch")
    assert [f.rule for f in layers.check(made.manifest)].count("view") == 1
