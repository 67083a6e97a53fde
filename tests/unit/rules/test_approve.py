"""Approvals: who, when, why, from which day; the days before keep their rules; a revocation gives them back.

Does not prove what a run makes of it: tests/integration/rules does.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project import settings as settings_module
from dagster_project.lib import dbt_project, due
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rules import approving, changes, effect, kinds, overlay
from dagster_project.lib.rules.changes import Change
from dagster_project.settings import Settings

KIND = kinds.kind("default_promises")
HEADER = "channel,promised_ship_hours,valid_from,valid_to\n"
START = date(2026, 1, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    loaded = settings_module.load(data=tmp_path / "data", env={})
    loaded.data.mkdir()
    return loaded


def _file(tmp_path: Path, hours: int, first: str = "2000-01-01", more: str = "") -> Path:
    path = tmp_path / "default_promises.csv"
    path.write_text(f"{HEADER}*,{hours},{first},9999-12-31\n{more}", "utf-8")
    return path


def _hours(settings: Settings, day: str) -> str:
    """What the overlay that dbt reads says for a day."""
    rows = effect.rows_of((overlay.folder(settings) / "default_promises.csv").read_text("utf-8"))
    (found,) = [row for row in rows if row["valid_from"] <= day <= row["valid_to"] and row["channel"] == "*"]
    return found["promised_ship_hours"]


def test_days_before_keep_their_rules_and_a_revocation_gives_the_others_back(
    settings: Settings, tmp_path: Path
) -> None:
    known = due.consumed_fingerprint(settings)
    told = approving.approve(
        settings, _file(tmp_path, 24), valid_from=date(2026, 2, 1), reason="24 hours from now on", by="Li"
    )
    assert told["changes"] == "*: promised_ship_hours 48 → 24"
    assert due.consumed_fingerprint(settings) != known, "a run is due although no file came"
    before = dbt_project.rules_fingerprint(settings)
    overlay.write(settings)
    assert dbt_project.rules_fingerprint(settings) != before, "stored rows rest on other rules now"
    assert dbt_project.overlay.in_use(settings) == str(overlay.folder(settings))
    assert (_hours(settings, "2026-01-31"), _hours(settings, "2026-02-01")) == ("48", "24")
    (entry,) = (
        json.loads(line) for line in next((settings.inbox / "rules").glob("*")).read_text().splitlines()
    )
    assert (
        entry.items()
        >= {"approver": "Li", "reason": "24 hours from now on", "valid_from": "2026-02-01"}.items()
    )

    approving.revoke(settings, told["change_id"], reason="customers did not notice")
    overlay.write(settings)
    assert not (overlay.folder(settings) / "default_promises.csv").exists()
    (mark,) = effect.rows_of((overlay.folder(settings) / "rule_changes.csv").read_text("utf-8"))
    assert mark["revoked_reason"] == "customers did not notice"
    assert mark["approver_role"] == approving.ROLE
    assert "Li" not in mark.values(), "the published mark tells the role, not the name"
    (listed,) = [kind for kind in approving.listed(settings, START) if kind["changes"]]
    assert listed["changes"][0]["state"] == "waiting", "no run has published the revocation yet"
    assert len((next((settings.inbox / "rules").glob("*"))).read_text().splitlines()) == 2, (
        "appended, never altered"
    )


@pytest.mark.parametrize(
    ("hours", "first", "more", "told"),
    [
        (48, "2000-01-01", "", "these are the rules in force"),
        (24, "2026-03-01", "", "on 2026-02-01 there is no row of \\*"),
        (0, "2000-01-01", "", "below 1"),
        (24, "2000-01-01", "amazon,9,2000-01-01,9999-12-31\n", "none of the channels"),
    ],
)
def test_what_check_refuses_or_changes_nothing_is_not_approved(
    settings: Settings, tmp_path: Path, hours: int, first: str, more: str, told: str
) -> None:
    with pytest.raises(LuyueError, match=told):
        approving.approve(
            settings, _file(tmp_path, hours, first, more), valid_from=date(2026, 2, 1), reason="why not"
        )
    assert changes.approved(settings) == []


def test_a_rule_of_a_channel_can_be_given_up(settings: Settings, tmp_path: Path) -> None:
    """What the file has no more ends on the eve; the general rule holds then. A later start is told so."""
    own = _file(tmp_path, 48, more="app,24,2000-01-01,9999-12-31\n")
    approving.approve(settings, own, valid_from=date(2026, 2, 1), reason="own channels first")
    told = approving.approve(settings, _file(tmp_path, 48), valid_from=date(2026, 3, 1), reason="as all")
    assert told["changes"] == "app: −"
    later = _file(tmp_path, 48, more="jd,24,2026-05-01,9999-12-31\n")
    told = approving.approve(settings, later, valid_from=date(2026, 4, 1), reason="in May")
    assert told["changes"] == "(2026-05-01) jd: + promised_ship_hours 24"


def test_an_altered_approval_takes_no_part(settings: Settings, tmp_path: Path) -> None:
    """Who edits the rules inside an entry has not had them approved."""
    approving.approve(settings, _file(tmp_path, 24), valid_from=date(2026, 2, 1), reason="so")
    path = next((settings.inbox / "rules").glob("*"))
    path.write_text(path.read_text("utf-8").replace("*,24,", "*,12,"), "utf-8")
    with pytest.raises(LuyueError, match=r"line 1: no entry of `luyue rules approve`, or altered"):
        overlay.write(settings)


def test_a_reason_is_asked_for(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(LuyueError, match="--reason is empty"):
        approving.approve(settings, _file(tmp_path, 24), valid_from=date(2026, 2, 1), reason=" ")
    with pytest.raises(LuyueError, match="no change in force has this id"):
        approving.revoke(settings, "0123", reason="so")


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 40), st.integers(1, 90)), max_size=5),
)
def test_each_day_has_the_rules_of_the_last_approval_that_reaches_it(
    drawn: list[tuple[int, int, int]],
) -> None:
    """Whatever is approved from whichever day, in whatever order: no overlap, no hole, and the right file."""
    base = effect.rows_of(f"{HEADER}*,48,2000-01-01,9999-12-31\n")
    told = [
        Change(str(at), KIND.name, str(START + timedelta(day)), "", "", "", "", _content(hours, cut))
        for at, (day, cut, hours) in enumerate(drawn)
    ]
    rows = effect.effective(base, told)
    for offset in range(-1, 45):
        day = str(START + timedelta(offset))
        reaching = [change for change in told if change.valid_from <= day]
        wanted = effect.rows_of(reaching[-1].content) if reaching else base
        assert _on(rows, day) == _on(wanted, day)
        assert len(_on(rows, day)) == 1


def _content(hours: int, cut: int) -> str:
    """A file whose rule changes itself on a day."""
    eve, day = START + timedelta(cut - 1), START + timedelta(cut)
    return f"{HEADER}*,{hours},2000-01-01,{eve}\n*,{hours + 1},{day},9999-12-31\n"


def _on(rows: list[effect.Cells], day: str) -> list[str]:
    return [row["promised_ship_hours"] for row in rows if row["valid_from"] <= day <= row["valid_to"]]
