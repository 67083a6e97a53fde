"""Every word exists in both languages, takes the same values in both, and is used."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from string import Formatter

import pytest

from app.access.roles import all_roles, pages
from app.columns import CODES
from app.exports import FORMATS
from app.labels import LANGUAGES, Labels, preferred, table
from app.queries.index import INDEX, PARTS
from app.states import State, Trust

APP = Path(__file__).resolve().parents[2] / "app"
SEED = APP.parent / "dbt" / "seeds" / "event_codes.csv"


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_label_has_both_languages_with_the_same_values() -> None:
    """Passes if no label lacks a language, is empty, or names a value that its twin does not."""
    for key, texts in table().items():
        assert set(texts) == set(LANGUAGES), key
        assert all(text.strip() for text in texts.values()), key
        assert _fields(texts["zh"]) == _fields(texts["en"]), key


def test_every_label_in_the_code_exists() -> None:
    """Passes if each `say("key")` of the app is a key; keys put together at run time are tested below."""
    used = {
        key
        for path in APP.rglob("*.py")
        for key in re.findall(r"""say\(\s*["']([a-z_0-9.]+)["']""", path.read_text(encoding="utf-8"))
    }
    assert used - set(table()) == set()


def test_no_label_is_left_unused() -> None:
    """Passes if each key, or the group it belongs to, is named in the code."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in APP.rglob("*.py"))
    named = set(re.findall(r"""["']([a-z_0-9.]+)["']""", code))
    groups = {prefix.split("{")[0] for prefix in re.findall(r'f["\']([a-z_.]+\{)', code)}
    groups |= {f"{group}." for group in re.findall(r"""\.name\(\s*["']([a-z_]+)["']""", code)}
    groups |= {
        f"{group}."
        for group in ("channel", "event", "do", "kpi", "trust.line", "note", "load_band", *CODES.values())
    }
    unused = [key for key in table() if key not in named and not any(key.startswith(g) for g in groups)]
    assert unused == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_put_together_at_run_time_exist(lang: str) -> None:
    """Passes if every state, trust word, part and reason has its words."""
    say = Labels(lang)
    for state in State:
        assert say(f"state.{state}")
    for trust in Trust:
        assert say(f"trust.{trust}")
        assert f"trust.line.{trust}" in table()
    for kpi in PARTS:
        assert all(say(f"{group}.{kpi}") for group in ("kpi", "short", "about", "need"))
    assert say(f"kpi.{INDEX}")
    for reason in ("nothing", "missing", "damaged", "outdated", "empty", "unmapped"):
        assert all(f"gone.{reason}.{piece}" in table() for piece in ("title", "what", "do"))
    for reason in ("sign_in", "no_role", "forbidden", "forbidden_but", "limited", "lost"):
        assert all(f"state.{reason}.{piece}" in table() for piece in ("title", "what", "do"))
    assert all(say(f"role.{role}") for role in all_roles())
    assert all(say(f"page.{page}") for page in pages())
    assert all(say(f"rows.export.{kind}") for kind in FORMATS)
    for kind in ("day", "week", "month", "total"):
        assert say(f"kind.{kind}")
        assert say(f"period.chosen_{kind}")


def test_every_anomaly_has_a_name_and_a_next_step() -> None:
    """Passes if each event of the seed has a name, and each anomaly among them says what to do."""
    with SEED.open(encoding="utf-8", newline="") as lines:
        events = {row["event_code"]: row["is_anomaly"] == "true" for row in csv.DictReader(lines)}
    named = {key.removeprefix("event.") for key in table() if key.startswith("event.")}
    steps = {key.removeprefix("do.") for key in table() if key.startswith("do.")}
    assert named == set(events)
    assert steps == {code for code, is_anomaly in events.items() if is_anomaly} | {"other"}


@pytest.mark.parametrize(
    ("asked", "locale", "lang"),
    [
        (None, "zh-CN", "zh"),
        (None, "zh-Hant-TW", "zh"),
        (None, "en-GB", "en"),
        (None, "fr", "en"),
        (None, None, "zh"),
        ("en", "zh-CN", "en"),
        ("zh", "en-GB", "zh"),
        ("xx", "en-GB", "en"),
    ],
)
def test_language_is_the_one_asked_for_else_the_browsers(
    asked: str | None, locale: str | None, lang: str
) -> None:
    """Passes if `?lang=` wins, and an unknown one does not."""
    assert preferred(asked, locale) == lang


def test_an_unknown_code_shows_itself() -> None:
    """Passes if a new channel is shown by its code, and an unknown event by the general step."""
    say = Labels("en")
    assert say.name("channel", "xiaohongshu") == "xiaohongshu"
    assert say.name("do", "brand_new_event", "do.other") == say("do.other")
