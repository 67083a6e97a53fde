"""Addresses, places, customer ids and golden records: they read lake and vault, never the warehouse."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from dagster_project.lib import stages
from dagster_project.lib.session import Session


def _of_reference(name: str, description: str, *feeds: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["identity", name],
        deps=[["lake", feed] for feed in ("batches", *feeds)],
        description=description,
        group_name="identity",
        owners=["team:master-data"],
        kinds={"python", "parquet"},
        tags={"stage": "identity"},
    )


@dg.multi_asset(
    name="addresses",
    specs=[
        _of_reference(
            "addresses",
            "One row per address token: adcode, names, address key, how it was matched.",
            *("orders", "customer_records"),
        ),
        _of_reference(
            "places",
            "Where warehouses and resources say they are: division, findings on coordinates.",
            *("warehouses", "resources"),
        ),
        _of_reference("divisions", "The divisions of the address reference and where their centres are."),
    ],
)
def addresses(session: dg.ResourceParam[Session]) -> Iterator[dg.MaterializeResult]:
    """Addresses are standardised and places judged in one step: both read the same reference."""
    for name, counts in stages.addresses(session).items():
        yield dg.MaterializeResult(["identity", name], metadata=counts)


_OF_PEOPLE = ("orders", "customer_records")


def _of_customers(name: str, description: str) -> dg.AssetSpec:
    return _of_reference(name, description, *_OF_PEOPLE).merge_attributes(deps=[["identity", "addresses"]])


@dg.multi_asset(
    name="customers",
    specs=[
        _of_customers(
            "customers", "One row per live record and role, with the customer id; ids outlive runs."
        ),
        _of_customers(
            "golden", "One row per customer and field: the best value, masked, and where it is from."
        ),
        _of_customers("quality", "One row per version and figure: sizes, merges, review, drift."),
    ],
)
def customers(session: dg.ResourceParam[Session]) -> Iterator[dg.MaterializeResult]:
    """Records are linked, then each customer's best values chosen and the version measured, in one step."""
    counts = stages.customers(session)
    for name in ("customers", "golden", "quality"):
        yield dg.MaterializeResult(["identity", name], metadata=counts.get(name) or {})
