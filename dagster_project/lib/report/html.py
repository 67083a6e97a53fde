"""Pages → HTML that stands alone: no script, no address outside, light and dark, desk and phone."""

from __future__ import annotations

import html
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.lib.report.page import LANGUAGES, STATES, Column, Page, Table, Words

STYLE_FILE = Path(__file__).with_name("report.css")
MOST_ROWS = 200
"""Rows of a table on a page; the files beside it hold them all."""
_FIGURES = ("count", "share", "hours")
_MISSING = "—"
_NAMES = {"zh": "中文", "en": "English"}
_WRITTEN = Words("生成于", "written")
_MORE = Words("仅显示前 {shown} 行，共 {all} 行；全部见", "the first {shown} of {all} rows; all are in")
_TITLE = Words("履约质量报告", "Luyue quality report")


def file_name(page: Page, language: str) -> str:
    """The name of a page's file: zh is the plain one."""
    return f"{page.key}.html" if language == "zh" else f"{page.key}.{language}.html"


def document(page: Page, pages: tuple[Page, ...], language: str, written: datetime) -> str:
    """One page as a whole document; `pages` are all of the report, for the links between them."""
    other = next(each for each in LANGUAGES if each != language)
    links = "".join(
        f'<a href="{file_name(each, language)}"{_here(each, page)}>{_text(each.title.of(language))}</a>'
        for each in pages
    )
    switch = f'<a class="switch" href="{file_name(page, other)}" lang="{other}">{_NAMES[other]}</a>'
    facts = "".join(
        f'<div class="fact {fact.state}"><dt>{_text(fact.label.of(language))}</dt>'
        f"<dd>{_icon(fact.state)}{_text(fact.value)}</dd></div>"
        for fact in page.facts
    )
    tables = "".join(_table(table, language) for table in page.tables)
    code = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(page.title.of(language))} · {_text(_TITLE.of(language))}</title>"
        f"<style>{_style()}</style></head><body><header><nav>"
        f"<strong>{_text(_TITLE.of(language))}</strong>{links}{switch}</nav></header><main>"
        f"<h1>{_text(page.title.of(language))}</h1>"
        f'<p class="sentence">{_text(page.sentence.of(language))}</p>'
        f'<dl class="facts">{facts}</dl>{tables}</main>'
        f"<footer>{_WRITTEN.of(language)} {written:%Y-%m-%d %H:%M:%S}</footer></body></html>\n"
    )


def _table(table: Table, language: str) -> str:
    title = f'<h2 id="{table.key}">{_text(table.title.of(language))}</h2>'
    if not table.frame.height:
        return f'<section>{title}<p class="empty">{_text(table.empty.of(language))}</p></section>'
    head = "".join(
        f'<th{_figure(column)} scope="col">{_text(column.label.of(language))}</th>'
        for column in table.columns
    )
    rows = table.cells_of(language).head(MOST_ROWS)
    body = "".join(
        "<tr>" + "".join(_cell(c, row[c.name], language) for c in table.columns) + "</tr>"
        for row in rows.iter_rows(named=True)
    )
    note = ""
    if table.frame.height > MOST_ROWS:
        told = _MORE.of(language).format(shown=f"{MOST_ROWS:,}", all=f"{table.frame.height:,}")
        note = f'<p class="note">{_text(told)} <a href="{table.key}.csv">{table.key}.csv</a></p>'
    return (
        f'<section>{title}<div class="table"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{note}</section>"
    )


def _cell(column: Column, value: Any, language: str) -> str:  # noqa: ANN401 (a cell)
    label = f' data-label="{html.escape(column.label.of(language))}"'
    if column.kind == "state":
        word = STATES[value][1].of(language)
        return f'<td class="state {value}"{label}>{_icon(value)}{_text(word)}</td>'
    shown = _shown(column.kind, value)
    is_missing = shown == _MISSING
    kind = "figure" if column.kind in _FIGURES else column.kind
    classes = " ".join([kind, *["none"] * is_missing, *["zero"] * (value == 0 or is_missing)])
    is_code = column.kind in ("code", "path") and not is_missing
    inner = f"<code>{_text(shown)}</code>" if is_code else _text(shown)
    return f'<td class="{classes}"{label}>{inner}</td>'


def _shown(kind: str, value: Any) -> str:  # noqa: ANN401 (a cell)
    if value is None or value == "":
        return _MISSING
    match kind:
        case "count":
            return f"{value:,}"
        case "share":
            return f"{value:.1%}"
        case "hours":
            return f"{value:,.1f}"
        case "time":
            return f"{value:%Y-%m-%d %H:%M}"
        case _:
            return str(value)


def _icon(state: str) -> str:
    return f'<span class="icon" aria-hidden="true">{STATES[state][0]}</span>' if state else ""


def _figure(column: Column) -> str:
    return ' class="figure"' if column.kind in _FIGURES else ""


def _here(each: Page, page: Page) -> str:
    return ' aria-current="page"' if each.key == page.key else ""


def _text(text: str) -> str:
    return html.escape(text)


@cache
def _style() -> str:
    return STYLE_FILE.read_text(encoding="utf-8")
