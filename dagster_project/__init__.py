"""Orchestration: what Dagster loads, the plain library it calls, the contracts, and the demo merchant."""
