"""Suites on master data before dbt, their checks after it, and who is told of what is critical."""
