"""Master data under its rules: what is wrong with SKUs, codes, carriers and places, and how findings live on.

The suites (`suites.yml`) run before dbt on the newest master rows; what needs orders is found in dbt. Texts,
owners, severities and days stand in dbt/seeds/quality_rules.csv, states and history in `standing.py`.
"""
