"""A draft → the text of contract.yml and column_map.csv, with what to look at as comments."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping

from dagster_project.lib.channel.draft import Draft, Words
from dagster_project.lib.ingest.contracts.column_maps import FIELDS
from dagster_project.lib.ingest.contracts.contract import canonical_words

NOTE = "note"
"""A fourth column of the map, for people; ingestion does not read it."""
_FRESH_HOURS = 36


def contract_text(made: Draft) -> str:
    """contract.yml of a draft; it loads as it is."""
    feed = made.matching.feed.name
    found = made.profile
    what = ", ".join(filter(None, (found.kind, found.encoding, f"header on line {found.header_line}")))
    lines = [
        f"# Drafted from {made.file.name} ({what}). docs/channels.md tells every key.",
        *(f"# Look: {sentence}." for sentence in made.look),
        "schema_version: 1",
        "version: 1",
        f"source: {made.source}",
        f"feed: {feed}",
    ]
    if made.channel:
        lines.append(f"channel: {_quoted(made.channel)}")
    if made.grain:
        lines.append(f"grain: {made.grain}")
    lines += [
        "owner: unassigned  # who answers for these files",
        f"name: {{zh: {made.source}, en: {made.source}}}",
        f"files: ['*{made.file.suffix}']",
    ]
    if made.exported_at:
        pattern, form = made.exported_at
        lines.append(f"exported_at: {{pattern: '{pattern}', format: {_quoted(form)}}}")
    if found.encoding == "gb18030":
        lines.append("encodings: [gb18030, utf-8]")
    if found.records:
        lines.append(f"records: {_quoted(found.records)}")
    for key, values in (("null_words", made.null_words), ("required", made.required), ("key", made.key)):
        if values:
            lines.append(f"{key}: {_list(values)}")
    if made.paid_scope:
        lines.append(f"paid_amount: {made.paid_scope}")
    if made.ordinals:
        lines += [
            "ordinals:",
            '  channel_line_id: {prefix: channel_order_id, separator: "-", within: [channel_order_id]}',
        ]
    if made.words:
        lines += ["words:", *(line for words in made.words for line in _words(words))]
    if made.private:
        lines += ["private_headers:", *_mapping(made.private, 2)]
    if made.extras:
        lines += ["extras:", *(f"  - {_quoted(header)}" for header in made.extras)]
    lines.append(f"freshness: {{warn_after_hours: {_FRESH_HOURS}}}")
    return "\n".join(lines) + "\n"


def column_map_text(made: Draft) -> str:
    """column_map.csv of a draft: the best header of a column first, guesses with a note."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*FIELDS, NOTE])
    seen: dict[str, int] = {}
    columns = [*made.matching.feed.columns, *made.matching.columns]
    for match in sorted(made.matching.matches, key=lambda match: columns.index(match.column)):
        seen[match.column] = seen.get(match.column, 0) + 1
        note = f"guess: {match.note}" if match.is_guess else ""
        writer.writerow([match.column, match.header, seen[match.column], note])
    return out.getvalue()


def _words(words: Words) -> list[str]:
    lines = [f"  - from: {words.column}", f"    into: {words.into}", f"    list: {words.list_name}"]
    if words.list_name == "aftersale":
        lines.append("    empty: none")
    if words.list_name == "delivery":
        lines.append("    unknown: null")
    if words.known:
        lines += ["    map:", *_mapping(words.known, 6)]
    if words.strange:
        if not words.known:
            lines.append("    # map:")
        lines.append(f"      # one of {', '.join(canonical_words()[words.list_name])}:")
        lines += [f"      # {_quoted(word)}: " for word in words.strange]
    return [line.rstrip() for line in lines]


def _mapping(values: Mapping[str, str], indent: int) -> list[str]:
    return [f"{' ' * indent}{_quoted(key)}: {_quoted(value)}" for key, value in values.items()]


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(value) for value in values)}]"


def _quoted(text: str) -> str:
    """A YAML scalar: plain where that is safe, else in double quotes as JSON writes it."""
    plain = text.replace("_", "a")
    safe = plain.isidentifier() and text.lower() not in (
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
        "y",
        "n",
    )
    return text if safe else json.dumps(text, ensure_ascii=False)
