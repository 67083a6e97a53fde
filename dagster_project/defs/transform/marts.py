"""lake, addresses and identity → warehouse.duckdb: the whole dbt project in one dbt process a run.

Annotations are evaluated here, not postponed: Dagster does not resolve that of `context` from its text.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from dagster_project import settings
from dagster_project.defs.transform.translator import Translator
from dagster_project.lib import dbt_project, transform
from dagster_project.lib.session import Session


class DbtCommand(DbtCliResource):
    """dbt as a child process, without a second adapter in this one: it would only fetch metadata, for 3 s."""

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
        return None


@dg.definitions
def dbt_models() -> dg.Definitions:
    """The models as assets and their tests as checks; parses dbt/ first if it changed."""
    manifest = dbt_project.prepare_manifest(settings.load())

    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), name="transform")
    def models(context: dg.AssetExecutionContext, session: dg.ResourceParam[Session]) -> Iterator[Any]:
        """One `dbt build`; a failed test of severity error keeps the run from publishing."""
        with transform.prepared(session) as (arguments, environment):
            os.environ.update(environment)
            dbt = DbtCommand(
                project_dir=dbt_project.PROJECT,
                profiles_dir=dbt_project.PROJECT,
                dbt_executable=dbt_project.executable(session.settings),
            )
            target = dbt_project.folder(session.settings) / "target"
            yield from dbt.cli(arguments, context=context, target_path=target).stream()

    return dg.Definitions(assets=[models])
