"""The truth behind the exports: for tests and evaluation only, never read by the pipeline.

Worked out from the simulated world by the KPI definitions, with no line of the project's SQL.
"""
