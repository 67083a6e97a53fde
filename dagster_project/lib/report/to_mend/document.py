"""A listing → one HTML file that stands alone: what shows without a script stands in it, the rest is data.

The policy in its head lets it ask nothing of anybody: no image, font, script or connection from outside.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from dagster_project.lib.report.page import LANGUAGES, Words
from dagster_project.lib.report.to_mend import listing as of
from dagster_project.lib.report.to_mend.listing import Listing
from dagster_project.lib.report.to_mend.words import ENTITIES, ICONS, WORDS

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
PRINTED = 100
"""Findings that stand in the file as a table of their own: what is printed, and seen without a script."""


def document(listing: Listing, others: tuple[Listing, ...], as_of: str | None, written: datetime) -> str:
    """The whole file. `others` are all listings written beside it, for the links between them."""
    found = listing.findings
    body = f"""
<header><nav><strong>{_both(WORDS["title"])}</strong>{_links(listing, others)}
<button id="language" type="button" lang="en">English</button></nav></header>
<main><h1>{_both(WORDS["title"])} · {_owner(listing)}</h1>
<p class="sentence">{_sentence(listing)}</p>
<dl class="facts">{_facts(listing)}</dl>
<section><h2>{_both(WORDS["by_rule"])}</h2>{_rules(listing)}</section>
<section id="all"><h2>{_both(WORDS["every"])}</h2>
<p class="note">{_both(WORDS["files"])}
<a href="{listing.name}.csv">CSV</a> · <a href="{listing.name}.xlsx">XLSX</a></p>
<div id="tool" hidden></div><div id="still">{_first(listing)}</div></section></main>
<footer>{_both(WORDS["as_of"])} {_text(as_of or "–")} ·
{_both(WORDS["written"])} {written:%Y-%m-%d %H:%M:%S}</footer>
"""
    data = of.as_record(listing)
    data["words"] = {name: [words.zh, words.en] for name, words in WORDS.items()}
    data["entities"] = {name: [words.zh, words.en] for name, words in ENTITIES.items()}
    data["icons"] = ICONS
    data["has_owner"] = listing.owner is None
    script = (
        f'<script type="application/json" id="data">{_json(data)}</script><script>{_file("page.js")}</script>'
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(WORDS['title'].zh)} · {_text(listing.owner or WORDS['all'].zh)}</title>"
        f"<style>{_file('../report.css')}{_file('page.css')}</style></head><body>{body}"
        f"{script if found.height else _switch()}</body></html>\n"
    )


def _links(listing: Listing, others: tuple[Listing, ...]) -> str:
    return "".join(
        f'<a href="{_text(each.name)}.html"{_here(each, listing)}>{_owner(each)}</a>'
        for each in others
        if len(others) > 1
    )


def _here(each: Listing, listing: Listing) -> str:
    return ' aria-current="page"' if each.name == listing.name else ""


def _owner(listing: Listing) -> str:
    return _both(WORDS["all"]) if listing.owner is None else _text(listing.owner)


def _sentence(listing: Listing) -> str:
    found = listing.findings
    if found.is_empty():
        return _both(WORDS["nothing"])
    costliest = found["kpi_points"].cast(float, strict=False).max()
    late = int(found["is_overdue"].cast(bool, strict=False).sum() or 0)
    zh, en = f"{found.height:,} 项待修正", f"{found.height:,} to mend"
    if late:
        zh, en = f"{zh}，其中 {late:,} 项已逾期", f"{en}, {late:,} of them overdue"
    if isinstance(costliest, float) and costliest > 0:
        zh = f"{zh}；最费的一项使指标差 {costliest:.2f} 个百分点。"
        en = f"{en}; the costliest one costs a KPI {costliest:.2f} percentage points."
    else:
        zh, en = f"{zh}。", f"{en}."
    return _both(Words(zh, en))


def _facts(listing: Listing) -> str:
    counts = dict(listing.findings.group_by("severity").len().iter_rows())
    states = {"critical": "bad", "major": "watch", "minor": ""}
    return "".join(
        f'<div class="fact {states[name] if counts.get(name) else "good"}"><dt>{_both(WORDS[name])}</dt>'
        f'<dd><span class="icon" aria-hidden="true">{ICONS[name]}</span>{counts.get(name, 0):,}</dd></div>'
        for name in of.SEVERITIES
    )


def _rules(listing: Listing) -> str:
    if listing.rules.is_empty():
        return f'<p class="empty">{_both(WORDS["nothing"])}</p>'
    columns = (
        ("severity", ""),
        ("rule", "text"),
        ("findings", "figure"),
        ("costliest", "figure"),
        ("remedy", "text"),
    )
    rows = [
        (
            _severity(row["severity"]), _both(_of(row, "title")), f"{row['findings']:,}",
            _points(row["costliest"]), _both(_of(row, "remedy")),
        )
        for row in listing.rules.iter_rows(named=True)
    ]  # fmt: skip
    return _table("rules", columns, rows)


def _first(listing: Listing) -> str:
    """The costliest findings as a plain table."""
    if listing.findings.is_empty():
        return f'<p class="empty">{_both(WORDS["nothing"])}</p>'
    columns = (
        ("severity", ""), ("rule", "text"), ("record", ""), ("value", "text"), ("suggestion", "text"),
        ("orders", "figure"), ("points", "figure"),
    )  # fmt: skip
    rows = [
        (
            _severity(row["severity"]), _both(_of(row, "title")), f"<code>{_text(row['record_key'])}</code>",
            _text(row["value"] or "–"), _text(row["suggestion"] or "–"), f"{row['orders_touched'] or 0:,}",
            _points(row["kpi_points"]),
        )
        for row in listing.findings.head(PRINTED).iter_rows(named=True)
    ]  # fmt: skip
    told = WORDS["print_note"]
    words = Words(told.zh.format(n=PRINTED), told.en.format(n=PRINTED))
    note = f'<p class="note">{_both(words)}</p>' if listing.findings.height > PRINTED else ""
    return note + _table("costliest", columns, rows)


def _table(name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> str:
    """A table; each cell carries its column's words for where there is no room for a head."""
    head = "".join(f'<th scope="col" class="{kind}">{_both(WORDS[word])}</th>' for word, kind in columns)
    opened = [
        f'<td class="{kind}" data-zh="{_text(WORDS[word].zh)}" data-en="{_text(WORDS[word].en)}">'
        for word, kind in columns
    ]
    body = "".join(
        f"<tr>{''.join(f'{td}{cell}</td>' for td, cell in zip(opened, row, strict=True))}</tr>"
        for row in rows
    )
    table = f'<table id="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="table">{table}</div>'


def _severity(name: str) -> str:
    state = {"critical": "bad", "major": "watch"}.get(name, "")
    words = WORDS.get(name, Words(name, name))
    icon = f'<span class="icon" aria-hidden="true">{ICONS.get(name, "")}</span>'
    return f'<span class="state {state}">{icon}{_both(words)}</span>'


def _points(value: float | None) -> str:
    return f"{value:.2f}" if value else "–"


def _of(row: dict[str, str | None], name: str) -> Words:
    return Words(row[f"{name}_zh"] or row["rule_code"] or "–", row[f"{name}_en"] or row["rule_code"] or "–")


def _both(words: Words) -> str:
    """A text in both languages, of which the page's shows one."""
    zh, en = (_text(words.of(language)) for language in LANGUAGES)
    return zh if zh == en else f'<span lang="zh-CN">{zh}</span><span lang="en">{en}</span>'


def _json(data: object) -> str:
    """JSON that ends no script element, whatever stands in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _switch() -> str:
    """The script of a page without findings: the language alone."""
    return f"<script>{_file('language.js')}</script>"


def _text(text: object) -> str:
    return html.escape(str(text))


@cache
def _file(name: str) -> str:
    own = (HERE / name).read_text(encoding="utf-8")
    return _file("language.js") + own if name == "page.js" else own
