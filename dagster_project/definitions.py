"""What Dagster loads: everything under defs/. Nothing is defined here."""

from __future__ import annotations

import dagster as dg

from dagster_project.settings import PROJECT_ROOT

defs = dg.load_from_defs_folder(project_root=PROJECT_ROOT)
