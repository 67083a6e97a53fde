"""The walls between the parts: what each may import, and who may read the environment."""

from __future__ import annotations

import pytest

from tools.conventions import imports


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("identity/link2.py", "import dagster as dg"),
        ("identity/addresses/keys.py", "from dbt.cli.main import dbtRunner"),
        ("identity/vault.py", "import streamlit.runtime"),
        ("identity/vault.py", "from dagster_project import settings"),
        ("identity/clusters.py", "def f():\n    from splink import Linker\n    return Linker"),
        ("dagster_project/lib/run.py", "from dagster_dbt import DbtCliResource"),
        ("dagster_project/lib/run.py", "from dagster_project.defs import jobs"),
        ("dagster_project/lib/ingest/scan.py", "from ...defs import ingestion"),
        ("dagster_project/lib/publish.py", "from dagster_project.demo import generate"),
        ("app/queries/index.py", "from identity import vault"),
        ("app/queries/index.py", "from dagster_project.lib import publish"),
        ("app/streamlit_app.py", "import tools.conventions"),
    ],
)
def test_an_import_through_a_wall_is_found(path: str, code: str) -> None:
    """Hurt is who wants to use one part without the others: each import in has to be a decision."""
    found = imports.check(path, code)
    assert [f.rule for f in found] == ["import"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("identity/link.py", "from splink import Linker"),
        ("dagster_project/defs/jobs.py", "import dagster as dg\nfrom dagster_project.lib import publish"),
        (
            "dagster_project/cli/job.py",
            "def f():\n    from dagster_project.demo import generate\n    return generate",
        ),
        ("dagster_project/lib/customers.py", "from identity import vault"),
        ("app/queries/index.py", "import duckdb\nfrom dagster_project import settings"),
        ("dagster_project/lib/dagsterish.py", "import dagster_projector"),
    ],
)
def test_the_allowed_imports_pass(path: str, code: str) -> None:
    """A rule that forbids what the design asks for would be switched off."""
    assert imports.check(path, code) == []


@pytest.mark.parametrize(
    "code",
    [
        'import os\nkey = os.environ["KEY"]',
        'import os\nkey = os.environ.get("KEY")',
        'import os\nkey = os.getenv("KEY")',
        'import os\nhas = "KEY" in os.environ',
        "from os import environ",
        "from os import getenv, sep",
    ],
)
def test_reading_the_environment_outside_settings_is_found(code: str) -> None:
    """One reader of the environment, so that one page tells all switches there are."""
    assert [f.rule for f in imports.check("dagster_project/lib/run.py", code)] == ["environment"]
    assert imports.check("dagster_project/settings.py", code) == []


def test_handing_the_environment_to_a_child_process_is_no_reading() -> None:
    """A child needs PATH and the like; what matters is that no value is looked up."""
    code = """
import os
added = {**os.environ, "LUYUE_LAKE": "x"}
kept = {name: value for name, value in os.environ.items() if not name.startswith("LUYUE_VAULT")}
"""
    assert imports.check("dagster_project/lib/run.py", code) == []


@pytest.mark.parametrize("layer", ["staging", "intermediate", "lake"])
def test_the_app_reads_marts_only(layer: str) -> None:
    """A page over an inner table breaks silently when that table changes; marts have contracts."""
    code = f'SQL = "select 1 from marts.fct_orders join {layer}.orders using (channel)"'
    assert [f.rule for f in imports.check("app/queries/index.py", code)] == ["app-layer"]
    assert imports.check("app/queries/index.py", 'SQL = "select 1 from marts.fct_orders"') == []
