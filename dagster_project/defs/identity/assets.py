"""Addresses, places and customer ids: they read lake and vault, never the warehouse."""

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
    ],
)
def addresses(session: dg.ResourceParam[Session]) -> Iterator[dg.MaterializeResult]:
    """Addresses are standardised and places judged in one step: both read the same reference."""
    counts, places = stages.addresses(session)
    yield dg.MaterializeResult(["identity", "addresses"], metadata=counts)
    yield dg.MaterializeResult(["identity", "places"], metadata=places)


@dg.asset(
    key=["identity", "customers"],
    deps=[["lake", "batches"], ["lake", "orders"], ["lake", "customer_records"], ["identity", "addresses"]],
    group_name="identity",
    owners=["team:master-data"],
    kinds={"python", "parquet"},
    tags={"stage": "identity"},
)
def customers(session: dg.ResourceParam[Session]) -> dg.MaterializeResult:
    """One row per live record and role, with the customer id; ids outlive runs."""
    return dg.MaterializeResult(metadata=stages.customers(session))
