"""The resource that all assets share: one session a run; a run from Dagster's pages takes the same lock.

`luyue run` hands in a session of its own instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import dagster as dg

from dagster_project import settings
from dagster_project.lib import alive
from dagster_project.lib.due import TIME_FORMAT
from dagster_project.lib.session import Session, open_session, placed


@dg.resource(
    description="Lock, cut-off and facts of one run over LUYUE_DATA.",
    config_schema={
        "as_of": dg.Field(str, is_required=False, description="Cut-off, YYYY-MM-DD HH:MM:SS."),
        "settled_only": dg.Field(
            bool,
            default_value=True,
            description="Leave files that may still be on their way for a later run.",
        ),
        "full_refresh": dg.Field(bool, default_value=False, description="Rebuild everything from the lake."),
    },
)
def run_session(context: dg.InitResourceContext) -> Iterator[Session]:
    """Opens the session for the run's whole length; it waits for whoever holds the data folder."""
    config = context.resource_config
    as_of = datetime.strptime(config["as_of"], TIME_FORMAT) if "as_of" in config else None
    loaded = settings.load(as_of=as_of, full_refresh=config["full_refresh"])
    asked = replace(loaded, settled_only=config["settled_only"])
    say = context.log.info if context.log else print
    assert context.run is not None, "only a test without a run leaves it out"
    with alive.mark(asked.dagster_home, context.run.run_id), open_session(placed(asked), say=say) as session:
        yield session


@dg.definitions
def resources() -> dg.Definitions:
    """The resources by the names that assets ask for."""
    return dg.Definitions(resources={"session": run_session})
