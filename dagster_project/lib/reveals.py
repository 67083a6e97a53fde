"""A masked value of an order, whole: the one function that reads the vault for somebody who looks.

It needs a dashboard that has the vault's key, a role that may, and a reason; who, what, when and why is in
inbox/reveals before anything is shown. Refused rows are revealed by quarantine/showing.py, into the same
record.
"""

from __future__ import annotations

from dagster_project.lib import inbox
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.personal.typed import masked
from dagster_project.settings import Settings

FIELDS = ("receiver_name", "receiver_phone", "receiver_address")
LONGEST_REASON = 200
_NEWEST = """
select {field}_token as token, batch_id
from read_parquet($lake, union_by_name = true, hive_partitioning = false)
where channel = $channel and channel_order_id = $order and {field}_token is not null
order by exported_at desc nulls last, batch_id desc
limit 1
"""


class NotRevealedError(LuyueError):
    """Nothing is shown. `code` is a word that a page has a text for."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def reveal(
    settings: Settings, channel: str, order: str, field: str, *, reason: str, by: str, role: str
) -> str | None:
    """The newest value of this order's field; None where no export held one, or it was erased.

    Raises `NotRevealedError`: `reason`, `no_key` (this dashboard has none), `field`.
    """
    from identity import vault
    from identity.vault_key import load_or_create_key

    if field not in FIELDS:
        raise NotRevealedError("field", f"{field}: one of {', '.join(FIELDS)} can be revealed")
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise NotRevealedError("reason", f"a reveal needs a reason of 1 to {LONGEST_REASON} characters")
    has_key = settings.vault_key is not None or settings.vault_key_file.is_file()
    if not (settings.may_reveal and has_key):
        raise NotRevealedError("no_key", "this dashboard has no vault key; `luyue dashboard --reveals` has")
    key = load_or_create_key(settings.vault_key_file, settings.vault_key, settings.vault)
    what = f"order {channel} {order} {field}"
    inbox.append(
        settings, "reveals", {"what": what, "reason": masked(reason.strip()), "by": by, "role": role}
    )
    place = _place(settings, channel, order, field)
    if place is None:
        return None
    token, batch = place
    rows = vault.read([settings.vault / "orders" / f"batch={batch}.parquet"], key)
    values = rows.filter(rows["token"] == token)
    if values.is_empty():
        return None
    row = values.row(0, named=True)
    parts = ("province", "city", "district", "town") if field == "receiver_address" else ()
    return "".join(row[part] or "" for part in (*parts, "value"))


def _place(settings: Settings, channel: str, order: str, field: str) -> tuple[str, str] | None:
    """The token and the batch of the newest export that held it."""
    import duckdb

    lake = settings.lake / "orders"
    if not any(lake.glob("**/*.parquet")):
        return None
    with duckdb.connect() as con:
        found = con.execute(
            _NEWEST.format(field=field),
            {"lake": str(lake / "**" / "*.parquet"), "channel": channel, "order": order},
        ).fetchall()
    return found[0] if found else None
