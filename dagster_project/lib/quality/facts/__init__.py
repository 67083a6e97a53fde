"""What a rule `sound` looks at: per entity a pure function from newest rows to one column a rule.

In such a column stands the reason code of what is wrong, null where nothing is. Whole columns only: no row is
looked at by itself. Limits and word lists stand beside the rule that they belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dagster_project.lib.quality.facts import aliases, carriers, places, skus

if TYPE_CHECKING:
    import polars as pl

Masters = Mapping[str, "pl.DataFrame"]
"""The newest rows by feed: a rule may hold one master table against another."""

FACTS: Mapping[str, Callable[[pl.DataFrame, Masters], pl.DataFrame]] = {
    "sku": skus.judged,
    "sku_alias": aliases.judged,
    "carrier": carriers.judged,
    "warehouse": places.judged_warehouses,
    "resource": places.judged_resources,
}
"""By entity: the rows with a column `<rule>` for each rule `sound`, and `<rule>__detail`,
`<rule>__suggestion` where there is more to tell."""
