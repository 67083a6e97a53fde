"""The KPI pages, docs/kpi.md and docs/kpi.zh-CN.md, made of the dictionary and the seeds."""
