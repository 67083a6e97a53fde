"""Operations, for the engineer: is today's data in, what was refused, which version is in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app import formats, operations_desk, operations_rows
from app.components import answer, grid, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.kpis import count
from app.components.notices import STALE_AFTER
from app.components.tracks import Row, Scale
from app.frame import Desk
from app.labels import Labels
from app.published import WALL_CLOCK
from app.queries import feeds, index
from app.queries.behind import frame_door
from app.queries.scope import Scope
from app.states import State
from dagster_project import operating as runs
from dagster_project import settings
from dagster_project.operating import Run, all_advice

REFUSALS = "refusals"
STALE_HOURS = STALE_AFTER.total_seconds() / 3600


def body(desk: Desk, doors: Doors) -> str:
    """The page."""
    known = runs.latest(settings.load())
    last = next(iter(known), None)
    return (
        _answer(desk, doors, last)
        + _stages(desk, doors, last, known)
        + _feeds(desk)
        + _refusals(desk, doors)
        + _sources(desk, last)
        + _runs(desk, doors, known)
    )


def after(desk: Desk, pressed: str | None) -> None:
    """The versions with their rollback, and the refused rows that were asked for."""
    operations_desk.versions(desk)
    if pressed and pressed.startswith(f"{REFUSALS}/"):
        _, source, reason = pressed.split("/", 2)
        operations_desk.refusals(desk, source, reason)


def _answer(desk: Desk, doors: Doors, last: Run | None) -> str:
    say = desk.say
    now = datetime.now(WALL_CLOCK).replace(tzinfo=None)
    hours = (now - desk.as_of).total_seconds() / 3600
    figure = Figure(
        say("operations.age"),
        formats.age(hours, say.lang),
        "",
        doors.hang(
            "age", frame_door(say("operations.feeds"), operations_rows.feeds_of(desk.version), "-age_hours")
        ),
        State.ON_TARGET if hours <= STALE_HOURS else State.ALERT,
    )
    facts = [
        say("operations.target", hours=f"{STALE_HOURS:.0f}"),
        say("as_of", moment=formats.moment(desk.as_of)),
        say("operations.version", name=desk.version.path.name),
    ]
    told = Answer(say("operations.question"), figure, facts, _sentence(desk, last))
    return answer.html(told, _figures(desk, doors, last), say)


def _sentence(desk: Desk, last: Run | None) -> str:
    say = desk.say
    if last is None:
        return say("operations.no_run")
    writer = runs.writer(settings.load())
    told = [
        say("operations.published", run=last.run_id)
        if last.published
        else say("operations.blocked", run=last.run_id, why=say("say.list").join(last.blocked[:1]) or "—")
    ]
    if writer:
        told.append(say("operations.writing", since=writer.since))
    return ("" if say.lang == "zh" else " ").join(told)


def _figures(desk: Desk, doors: Doors, last: Run | None) -> list[Figure]:
    if last is None:
        return []
    say = desk.say
    by_source = frame_door(say("operations.sources"), last.by_source(), "source")
    everything = Scope("all", "total", desk.period.start)
    read, accepted, refused = (last.total(f"rows_{name}") for name in ("read", "accepted", "refused"))
    share = accepted / read if read else None
    checks = {name: count(last.checks.get(name), say) for name in ("passed", "warned", "failed")}
    failed = last.checks.get("failed", 0)
    bad = last.total("files_refused")
    return [
        Figure(
            say("operations.files"),
            count(last.total("files"), say),
            say("operations.files_note", n=count(bad, say)),
            doors.hang("files", by_source),
        ),
        Figure(
            say("operations.accepted"),
            formats.percent(share),
            say("fact.of", n=count(accepted, say), total=count(read, say))
            if read
            else say("operations.no_files"),
            doors.hang("accepted", by_source if read else None),
        ),
        Figure(
            say("operations.refused"),
            count(refused, say),
            say("operations.refused_note"),
            doors.hang("refused", by_source),
        ),
        Figure(
            say("operations.checks"),
            checks["passed"],
            say("operations.checks_note", warned=checks["warned"], failed=checks["failed"]),
            doors.hang("checks", operations_rows.checks(last, say)),
            state=State.ALERT if failed else State.ON_TARGET,
        ),
        Figure(
            say("operations.took"),
            formats.seconds(last.took, say.lang),
            say("operations.took_note"),
            doors.hang(
                "took", frame_door(say("operations.stages"), operations_rows.stages([last]), "-stage_seconds")
            ),
        ),
        Figure(
            say("index.title"),
            formats.index(last.index),
            say("operations.index_note"),
            doors.hang("index", index.parts_rows(everything, say("index.parts"))),
            state=None if last.index is not None else State.INCOMPLETE,
        ),
    ]


def _stages(desk: Desk, doors: Doors, last: Run | None, known: Sequence[Run]) -> str:
    say = desk.say
    seconds, every = dict(last.seconds) if last else {}, operations_rows.stages(known)
    most = max(seconds.values(), default=0.0)
    scale = Scale(0.0, most or 1.0, None, ("0", formats.seconds(most, say.lang)))
    rows = [
        Row(
            name=say.name("run_stage", name),
            at=took,
            number=formats.seconds(took, say.lang) if took >= 10 else f"{took:.1f} {say('unit.seconds')}",
            door=doors.hang(
                f"stage/{name}",
                frame_door(
                    f"{say('operations.stages')} · {say.name('run_stage', name)}",
                    every.filter(run_stage=name),
                    "-run_id",
                ),
            ),
        )
        for name, took in seconds.items()
    ]
    return tracks.panel(
        say("operations.stages"), say("operations.stages_note"), tracks.bars(rows, scale, say), 4
    )


def _feeds(desk: Desk) -> str:
    say = desk.say
    columns = [
        (say("column.source"), grid.WORDS),
        (say("column.newest"), grid.FIGURE),
        (say("operations.feed_age"), grid.FIGURE),
        (say("column.fresh"), grid.WORDS),
        (say("operations.silent"), grid.WORDS),
    ]
    rows = []
    for row in feeds.all_feeds(desk.version).to_dicts():
        newest = row["newest_exported_at"]
        word = "note.feed_missing" if newest is None else "note.ok" if row["is_fresh"] else "note.feed_stale"
        rows.append(
            [
                say.name("feed", row["source_feed"]),
                formats.moment(newest) if newest else formats.NO_DATA,
                formats.age(row["age_hours"], say.lang),
                say(word),
                _silent(row["oldest_source"], row["oldest_source_age_hours"], say),
            ]
        )
    table = grid.html(columns, rows, [""] * len(rows), say)
    return tracks.panel(say("operations.feeds"), say("operations.feeds_note"), table, 8)


def _silent(source: str | None, hours: float | None, say: Labels) -> str:
    if source is None:
        return formats.NO_DATA
    return f"{source} · {formats.age(hours, say.lang)}"


def _refusals(desk: Desk, doors: Doors) -> str:
    say = desk.say
    advice = all_advice(say.lang)
    columns = [
        (say("column.source"), grid.WORDS),
        (say("operations.reason"), grid.WORDS),
        (say("operations.rows"), grid.FIGURE),
        (say("operations.mend"), grid.WORDS),
    ]
    rows, hung = [], []
    for source, reason, refused in runs.refusals(settings.load()):
        told = advice.get(reason)
        hung.append(doors.hang_own(f"{REFUSALS}/{source}/{reason}"))
        rows.append(
            [
                source,
                told.means if told else reason,
                count(refused, say),
                told.mend.replace("`", "") if told else formats.NO_DATA,
            ]
        )
    table = grid.html(columns, rows, hung, say) if rows else tracks.empty(say("operations.none_refused"))
    return tracks.panel(say("operations.refusals"), say("operations.refusals_note"), table, 12)


def _sources(desk: Desk, last: Run | None) -> str:
    say = desk.say
    columns = [
        (say("column.source"), grid.WORDS),
        *((say(f"operations.{name}"), grid.FIGURE) for name in runs.COUNTS),
    ]
    read = {name: counts for name, counts in (last.sources if last else {}).items() if counts.get("files")}
    rows = [
        [name, *(count(counts.get(each, 0), say) for each in runs.COUNTS)]
        for name, counts in sorted(read.items())
    ]
    table = (
        grid.html(columns, rows, [""] * len(rows), say) if rows else tracks.empty(say("operations.no_files"))
    )
    return tracks.panel(say("operations.sources"), say("operations.sources_note"), table, 12)


def _runs(desk: Desk, doors: Doors, known: Sequence[Run]) -> str:
    say = desk.say
    columns = [
        (say("operations.run"), grid.KEY),
        (say("operations.cut_off"), grid.FIGURE),
        (say("operations.outcome"), grid.WORDS),
        (say("operations.rows_accepted"), grid.FIGURE),
        (say("operations.rows_refused"), grid.FIGURE),
        (say("operations.checks"), grid.FIGURE),
        (say("operations.took"), grid.FIGURE),
        (say("index.title"), grid.FIGURE),
    ]
    rows = [
        [
            run.run_id,
            run.as_of[:16] or formats.NO_DATA,
            say("operations.did_publish")
            if run.published
            else say("operations.did_not", why=next(iter(run.blocked), "—")),
            count(run.total("rows_accepted"), say),
            count(run.total("rows_refused"), say),
            f"{run.checks.get('passed', 0)} / {run.checks.get('warned', 0)} / {run.checks.get('failed', 0)}",
            formats.seconds(run.took, say.lang),
            formats.index(run.index),
        ]
        for run in known
    ]
    hung = [
        doors.hang(f"run/{run.run_id}", frame_door(run.run_id, run.by_source(), "source")) for run in known
    ]
    table = grid.html(columns, rows, hung, say) if rows else tracks.empty(say("operations.no_run"))
    return tracks.panel(say("operations.runs"), say("operations.runs_note"), table, 12)
