"""What a page says when it is old, or when there is nothing it could show."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

from app import formats
from app.labels import Labels
from app.published import UnavailableError

STALE_AFTER = timedelta(hours=36)
"""A daily run renews the page every 24 hours; half a day more is a missed run, not a late one."""


def stale(as_of: datetime, published_at: datetime, now: datetime, say: Labels) -> str:
    """The strip across the top of an old page; empty while it is young. All times are Shanghai wall clock."""
    hours = (now - as_of).total_seconds() / 3600
    if now - as_of <= STALE_AFTER:
        return ""
    renewed = now - published_at <= STALE_AFTER
    if not renewed:
        hours = (now - published_at).total_seconds() / 3600
    words = say(
        "stale.history" if renewed else "stale.unpublished",
        age=formats.age(hours, say.lang),
        moment=formats.moment(as_of),
    )
    return f'<p class="ly-strip {"ly-past" if renewed else "ly-old"}" role="status">{escape(words)}</p>'


def state(reason: str, say: Labels, *, is_alone: bool = False, **values: str) -> str:
    """A page that is not shown, for another reason than its data: what it is, and what to do.

    `is_alone`: what the page had drawn before is hidden by the style sheet.
    """
    title, what, do = (say(f"state.{reason}.{part}", **values) for part in ("title", "what", "do"))
    classes = "ly-gone ly-alone" if is_alone else "ly-gone"
    return (
        f'<section class="{classes}" data-reason="{reason}"><h2>{escape(title)}</h2><p>{escape(what)}</p>'
        f"<h3>{escape(say('gone.todo'))}</h3><p>{escape(do)}</p></section>"
    )


def hint(title: str, what: str) -> str:
    """What stands where there are no rows, or nothing was asked for yet."""
    return f'<div class="ly-empty"><p><b>{escape(title)}</b></p><p class="ly-muted">{escape(what)}</p></div>'


def done(words: str) -> str:
    """One line that something was done."""
    return f'<p class="ly-strip ly-done" role="status">{escape(words)}</p>'


def problem(words: str) -> str:
    """One line that something was not done, and what to do."""
    return f'<p class="ly-strip ly-old" role="alert">{escape(words)}</p>'


def gone(problem: UnavailableError, say: Labels) -> str:
    """A whole page for a file that cannot be shown: what happened, what is safe, what to do.

    What the page had drawn before is hidden by the style sheet (`ly-alone`).
    """
    what = say(f"gone.{problem.reason}.what", detail=problem.detail)
    return (
        f'<section class="ly-gone ly-alone" data-reason="{problem.reason}"><h1>{escape(say("product"))}</h1>'
        f"<h2>{escape(say(f'gone.{problem.reason}.title'))}</h2><p>{escape(what)}</p>"
        f"<h3>{escape(say('gone.todo'))}</h3><p>{escape(say(f'gone.{problem.reason}.do'))}</p></section>"
    )
