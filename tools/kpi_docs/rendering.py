"""From the dictionary to one Markdown page in one language. Pure: no file is read or written here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.kpi_docs.dictionary import Seeds

_LINES = ("formula", "grain", "excludes", "counts", "does_not_count", "limits")


def page(lang: str, entries: Mapping[str, Mapping[str, Any]], around: Mapping[str, Any], seeds: Seeds) -> str:
    """The whole page, with a newline at its end. `lang` is zh or en."""
    say = {key: text[lang] for key, text in around["words"].items()}
    blocks = [
        f"# {around['title'][lang]}",
        f"<!-- {say['generated']} -->",
        around["opening"][lang],
        f"## {say['parts']}",
        entries["experience_index"]["formula"][lang] + " " + around["index"][lang],
        _parts(lang, entries, seeds, say),
        f"## {say['readings']}",
        say["readings_lead"],
        "\n".join(f"- {reading[lang]}" for reading in around["readings"]),
        f"## {say['further']}",
        *(_entry(lang, kpi, entry, seeds, say) for kpi, entry in entries.items()),
        f"## {say['tables']}",
        _tables(lang, around["tables"], say),
    ]
    return "\n\n".join(blocks) + "\n"


def _parts(lang: str, entries: Mapping[str, Mapping[str, Any]], seeds: Seeds, say: Mapping[str, str]) -> str:
    """The parts of the index with the weight and target of the newest days of validity."""
    newest = {row["kpi"]: row for row in sorted(seeds.weights, key=lambda row: row["valid_from"])}
    rows = [
        f"| [`{kpi}`](#{kpi}) {entries[kpi]['name'][lang]} "
        f"| {float(row['weight']):.0%} | {float(row['target']):.0%} |"
        for kpi, row in newest.items()
    ]
    return "\n".join([f"| {say['part']} | {say['weight']} | {say['target']} |", "|---|---|---|", *rows])


def _entry(lang: str, kpi: str, entry: Mapping[str, Any], seeds: Seeds, say: Mapping[str, str]) -> str:
    facts = next((row for row in seeds.kpis if row["kpi"] == kpi), None)
    lines = [f"- **{say[name]}**: {entry[name][lang]}" for name in _LINES]
    lines.append(f"- **{say['owner_role']}**: `{entry['owner_role']}`")
    if facts:
        slices = [*facts["dimensions"].split(), *filter(None, [facts["detail_dimension"]])]
        words = ", ".join(f"`{name}`" for name in slices) or "—"
        lines.append(f"- **{say['unit']}**: `{facts['unit']}` · **{say['dimensions']}**: {words}")
    needs = [row["source_feed"] for row in seeds.feeds if row["kpi"] == kpi]
    needs += [row["entity"] for row in seeds.master_data if row["kpi"] == kpi]
    if needs:
        lines.append(f"- **{say['feeds']}**: {', '.join(f'`{name}`' for name in needs)}")
    return "\n".join([f"### {kpi}", "", f"**{entry['name'][lang]}**", "", *lines])


def _tables(lang: str, tables: Mapping[str, Mapping[str, str]], say: Mapping[str, str]) -> str:
    rows = [f"| `marts.{name}` | {text[lang]} |" for name, text in tables.items()]
    return "\n".join([f"| {say['table']} | {say['what']} |", "|---|---|", *rows])
