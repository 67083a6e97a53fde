"""Addresses and customer ids: both read lake and vault, never the warehouse."""

from __future__ import annotations

import dagster as dg

from dagster_project.lib import stages
from dagster_project.lib.session import Session


@dg.asset(
    key=["identity", "addresses"],
    deps=[["lake", "batches"], ["lake", "orders"], ["lake", "customer_records"]],
    group_name="identity",
    owners=["team:master-data"],
    kinds={"python", "parquet"},
    tags={"stage": "identity"},
)
def addresses(session: dg.ResourceParam[Session]) -> dg.MaterializeResult:
    """One row per address token: adcode, names, address key, how it was matched."""
    return dg.MaterializeResult(metadata=stages.addresses(session))


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
