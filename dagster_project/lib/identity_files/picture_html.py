"""The picture of a chain of links as HTML that stands alone: no script, no address outside, light and dark,
desk and phone."""

from __future__ import annotations

import html
from functools import cache
from itertools import accumulate
from pathlib import Path

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import picture_words as words
from dagster_project.lib.identity_files.picturing import Link, Picture, Record
from dagster_project.lib.report.page import LANGUAGES

STYLE_FILE = Path(__file__).with_name("picture.css")
_NAMES = {"zh": "中文", "en": "English"}
_SUFFIXES = (".html", ".htm")


def files(path: Path) -> dict[str, Path]:
    """Language → its file: Chinese the plain name. LuyueError where the name is no page's."""
    if path.suffix.lower() not in _SUFFIXES:
        raise LuyueError(f"{path}: cannot write a page there; name a file that ends in .html")
    if path.is_dir():
        raise LuyueError(f"{path}: is a folder; name a file with --html")
    return {"zh": path, "en": path.with_name(f"{path.stem}.en{path.suffix}")}


def document(picture: Picture, language: str, beside: dict[str, Path]) -> str:
    """The page in one language; `beside`: the files of all, for the link between them."""
    other = next(each for each in LANGUAGES if each != language)
    title = (words.TITLE if picture.is_one else words.TITLE_APART).of(language)
    customers = list(dict.fromkeys(picture.customers.values()))
    said = (words.ONE if picture.is_one else words.TWO).of(language)
    code = "zh-CN" if language == "zh" else "en"
    weighed = "".join(_waterfall(link, language) for link in picture.links if link.rule == "model")
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(title)} · Luyue</title><style>{_style()}</style></head><body><header><nav>"
        f'<strong>Luyue</strong><a href="{_text(beside[other].name)}" lang="{other}">{_NAMES[other]}</a>'
        f"</nav></header><main><h1>{_text(title)}</h1>"
        f'<p class="sentence">{_text(said)} <code>{"</code> · <code>".join(map(_text, customers))}</code></p>'
        f'<p class="note">{_text(words.MASKED.of(language))}</p>'
        f"{_chain(picture, language)}{weighed}</main></body></html>\n"
    )


def _chain(picture: Picture, language: str) -> str:
    title = (words.CHAIN if picture.is_one else words.REFUSED).of(language)
    if not picture.links:
        said = words.NO_LINK.of(language) if not picture.is_one else ""
        return f'<p class="note">{_text(said)}</p>' if said else ""
    parts, last = [], None
    for link in picture.links:
        if link.left != last:
            parts.append(_record(link.left, language, starts=last is not None))
        refused = "" if picture.is_one else " refused"
        parts.append(
            f'<li class="link{refused}"><span class="line" aria-hidden="true"></span>'
            f"<span><strong>{_text(words.of(words.RULES, link.rule, language))}</strong>"
            f'<span class="share">{_text(words.SHARE.of(language))}: {link.share:.1%}</span></span></li>'
        )
        parts.append(_record(link.right, language, starts=False))
        last = link.right
    return f'<h2>{_text(title)}</h2><ol class="chain">{"".join(parts)}</ol>'


def _record(record: Record, language: str, *, starts: bool) -> str:
    facts = "".join(
        f"<div><dt>{_text(words.of(words.FIELDS, name, language))}</dt><dd>{_text(mask)}</dd></div>"
        for name, mask in record.facts
    )
    return (
        f'<li class="record{" apart" if starts else ""}"><p><code>{_text(record.name)}</code> '
        f'<span class="met">{_text(record.met_at)}</span></p><dl>{facts}</dl></li>'
    )


def _waterfall(link: Link, language: str) -> str:
    """Bars that float from sum to sum, one a comparison, the whole at the end."""
    head = (
        f"<section><h2>{_text(words.WEIGHTS.of(language))}</h2>"
        f'<p class="pair"><code>{_text(link.left.name)}</code> – <code>{_text(link.right.name)}</code></p>'
    )
    if link.weights is None:
        return f'{head}<p class="note">{_text(words.NOT_KEPT.of(language))}</p></section>'
    sums = list(accumulate((weight for _, _, weight in link.weights), initial=0.0))
    low, high = min(sums), max(sums)
    span = (high - low) or 1.0
    rows = [
        _bar(
            words.of(words.COMPARISONS, name, language),
            words.level(level, language) if level else "",
            (min(start, start + weight) - low) / span,
            abs(weight) / span,
            "for" if weight > 0 else "against" if weight < 0 else "silent",
            weight,
        )
        for (name, level, weight), start in zip(link.weights, sums, strict=False)
    ]
    whole = sums[-1]
    ends = sorted((0.0, whole))
    likely = words.SCORE.of(language).format(f"{1 / (1 + 2**-whole):.1%}")
    total = _bar(
        words.SUM.of(language), likely, (ends[0] - low) / span, (ends[1] - ends[0]) / span, "sum", whole
    )
    note = f'<p class="note">{_text(words.FACES.of(language))} {_text(words.BITS.of(language))}</p>'
    return f'{head}{note}<ol class="weights">{"".join(rows)}{total}</ol></section>'


def _bar(name: str, level: str, start: float, width: float, kind: str, bits: float) -> str:
    told = f'<span class="level">{_text(level)}</span>' if level else ""
    return (
        f'<li class="{kind}"><span class="what">{_text(name)}{told}</span>'
        f'<span class="track"><span class="bar" style="left:{start:.2%};width:{width:.2%}"></span></span>'
        f'<span class="bits">{bits:+.1f}</span></li>'
    )


@cache
def _style() -> str:
    return STYLE_FILE.read_text(encoding="utf-8")


def _text(value: str) -> str:
    return html.escape(value)
