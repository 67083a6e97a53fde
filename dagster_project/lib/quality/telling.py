"""Tells owners of master data what is critical and new, once each, by their webhooks.

Who has one stands in a YAML that LUYUE_OWNERS names: `owners: {品类一部: https://…, default: https://…}`.
Without it nobody is told. What is sent has keys, rules and figures; values stay in the report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import yaml

from dagster_project.lib import publish
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.runs import write_text
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

DEFAULT = "default"
"""Who is told of findings whose owner has no webhook of their own."""
AT_ONCE = 50
"""Findings that one message lists, the costliest first; `count` says of how many."""
TIMEOUT_SECONDS = 10
TOLD = "told.json"
"""In DATA/quality: the findings that were told of, each with the time it opened: one that comes back is
new."""
_COLUMNS = (
    *("finding_id", "rule_code", "entity", "record_key", "reason_code", "title_zh", "title_en", "remedy_zh"),
    *("remedy_en", "orders_touched", "kpi_points", "kpi_hurt", "opened_at", "due_at"),
)


@dataclass(frozen=True)
class Told:
    """How many findings each owner was told of, and one line for each webhook that did not take them."""

    counts: dict[str, int]
    failures: tuple[str, ...]


def tell_new(settings: Settings) -> Told:
    """Sends what nobody was told of yet; what a webhook does not take is sent again the next time.

    Raises LuyueError where the file of owners means nothing.
    """
    hooks, published = webhooks(settings), publish.current(settings)
    if not hooks or published is None:
        return Told({}, ())
    known = _known(settings)
    counts, failures = {}, []
    for (owner,), mine in _new(published, known).group_by("owner", maintain_order=True):
        hook = hooks.get(str(owner)) or hooks.get(DEFAULT)
        if hook is None:
            continue
        try:
            _post(hook, _message(str(owner), mine))
        except (URLError, OSError, ValueError) as error:
            failures.append(f"{owner}: {urlsplit(hook).netloc} did not take {mine.height} findings: {error}")
            continue
        known |= dict(mine.select("finding_id", mine["opened_at"].cast(str)).rows())
        write_text(settings.quality / TOLD, json.dumps(known))
        counts[str(owner)] = mine.height
    return Told(counts, tuple(failures))


def webhooks(settings: Settings) -> dict[str, str]:
    """Owner → URL; empty without a file. Raises LuyueError that says what a file must hold."""
    path = settings.owners_file
    if path is None:
        return {}
    try:
        owners = yaml.safe_load(path.read_text(encoding="utf-8"))["owners"]
        hooks = {str(owner): str(url) for owner, url in owners.items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise LuyueError(f"{path}: no list of owners; write `owners: {{name: https://…}}`") from error
    wrong = [owner for owner, url in hooks.items() if urlsplit(url).scheme not in ("http", "https")]
    if wrong:
        raise LuyueError(f"{path}: the webhook of {wrong[0]} is no http or https address")
    return hooks


def _new(published: Any, known: dict[str, str]) -> pl.DataFrame:  # noqa: ANN401 (a path)
    """Critical findings that stand, that nobody has answered, and that nobody was told of; costliest
    first."""
    import duckdb
    import polars as pl

    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.sql(f"""
            select owner, {", ".join(_COLUMNS)} from marts.rpt_quality_findings
            where severity = 'critical' and state = 'open'
            order by owner, kpi_points desc, orders_touched desc, finding_id
        """).pl()
    told = pl.DataFrame(
        list(known.items()), schema={"finding_id": pl.String, "opened": pl.String}, orient="row"
    )
    found = found.with_columns(opened=pl.col("opened_at").cast(pl.String))
    return found.join(told, on=["finding_id", "opened"], how="anti", maintain_order="left").drop("opened")


def _message(owner: str, mine: pl.DataFrame) -> bytes:
    listed = mine.head(AT_ONCE).select(_COLUMNS).to_dicts()
    message = {
        "owner": owner,
        "count": mine.height,
        "text_zh": f"履约：{owner} 有 {mine.height} 项新的严重主数据问题",
        "text_en": f"Luyue: {mine.height} new critical findings on master data for {owner}",
        "findings": listed,
    }
    return json.dumps(message, ensure_ascii=False, default=str).encode()


def _post(url: str, body: bytes) -> None:
    request = Request(
        url, data=body, headers={"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        answer.read(1024)


def _known(settings: Settings) -> dict[str, str]:
    try:
        known = json.loads((settings.quality / TOLD).read_text(encoding="utf-8"))
        return {str(name): str(at) for name, at in known.items()}
    except (FileNotFoundError, ValueError, AttributeError):
        return {}
