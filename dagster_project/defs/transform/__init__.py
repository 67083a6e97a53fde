"""The dbt project as assets: staging, intermediate, marts."""
