"""The brief as one HTML document that stands alone: number, sentence, five parts, three actions, trust."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from app import answer, formats, periods
from app.components import hero, part_card, todo
from app.labels import Labels
from app.published import Version
from app.queries import actions, index, trust
from app.queries.scope import Scope
from app.states import Trust, worst
from app.view import View

_STYLES = Path(__file__).resolve().parents[1] / "styles"
ALL = "all"


def html(version: Version, lang: str) -> str:
    """The document in `zh` or `en`. Raises `UnavailableError`; the caller states the policy."""
    view = _view(version, Labels(lang))
    say = view.say
    sources = trust.sources(version).to_dicts()
    parts = "".join(
        f'<div class="st-key-part_{kpi}">'
        + part_card.html(kpi, view.parts.get(kpi, {}), [], [s for s in sources if s["kpi"] == kpi], say)
        + "</div>"
        for kpi in index.PARTS
    )
    word = worst(source["trust_status"] for source in sources)
    tone = "ok" if word is Trust.TRUSTED else "warn"
    code = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(say('brief.title'))}</title><style>{_style()}</style></head>"
        '<body class="stApp"><main data-testid="stHtml">'
        f'<h1 class="ly-brand">{escape(say("brief.title"))}</h1>'
        f'<p class="ly-muted">{escape(say("as_of", moment=formats.moment(view.as_of)))} · '
        f'<span class="ly-trust ly-{tone}">{escape(say(f"trust.{word}"))}</span></p>'
        f'<div class="st-key-answer">{hero.html(answer.of(view), say)}</div>'
        f'<div class="parts">{parts}</div><div class="st-key-todo"><h2>{escape(say("todo.title"))}</h2>'
        f"{_actions(view)}</div></main></body></html>\n"
    )


def _view(version: Version, say: Labels) -> View:
    """What the overview shows first, over all channels."""
    as_of = trust.as_of(version)
    offered = periods.from_rows(index.periods(version, ALL, as_of).to_dicts())
    period = periods.default(offered) or periods.of_all(offered, as_of)
    scope = Scope(ALL, period.kind, period.start)
    return View(
        version=version,
        scope=scope,
        period=period,
        offered=offered,
        as_of=as_of,
        parts=index.period(version, scope),
        before=index.before(version, scope),
        say=say,
    )


def _actions(view: View) -> str:
    groups = actions.first(view.version, ALL).to_dicts()
    if not groups:
        return todo.none(view.say)
    return "".join(
        f'<div class="st-key-do_{rank}">{todo.html(rank, group, view.as_of, view.say)}</div>'
        for rank, group in enumerate(groups, start=1)
    )


@cache
def _style() -> str:
    sheets = (_STYLES / "1_theme.css", Path(__file__).with_name("brief.css"))
    return "\n".join(path.read_text(encoding="utf-8") for path in sheets)
