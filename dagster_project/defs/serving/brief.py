"""The published file → reports/brief: the overview on one page for a phone chat, in Chinese and English."""

from __future__ import annotations

import dagster as dg

from dagster_project.lib.session import Session


@dg.asset(
    key=["serving", "daily_brief"],
    deps=[dg.AssetKey(["serving", "published"])],
    group_name="serving",
    owners=["team:data-engineering"],
    kinds={"html"},
    tags={"stage": "serving"},
)
def daily_brief(session: dg.ResourceParam[Session]) -> dg.MaterializeResult:
    """One page a language, HTML and PNG. What cannot be written is said; the version is published all the
    same."""
    from app.brief import writing
    from app.published import UnavailableError

    settings = session.settings
    if settings.brief == "no" or session.facts.published is None:
        return dg.MaterializeResult(metadata={"files": "none"})
    with session.stage("brief"):
        file = settings.serving / session.facts.published
        try:
            told = writing.write(file, settings.reports / "brief", with_pictures=settings.brief == "png")
        except (UnavailableError, OSError) as error:
            told = [f"no brief: {error}"]
        for line in told:
            session.say(line)
    return dg.MaterializeResult(metadata={"files": "\n".join(told)})
