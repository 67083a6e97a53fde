"""A plugin of dbt-duckdb that makes the address functions known to every model's connection.

In a profile: `plugins: [{module: dagster_project.lib.dbt_addresses}]`, then in a model
`select (standardised_address(address)).adcode`. The pipeline itself has addresses standardised before dbt,
in the vault's zone, so that no plain address comes near the warehouse: this is for models over other data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

if TYPE_CHECKING:
    import duckdb


class Plugin(BasePlugin):
    """Found by dbt-duckdb by this name."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Registers the functions on a new connection."""
        from identity.addresses import arrow

        arrow.register(conn)
