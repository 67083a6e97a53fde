"""What a macro of dbt/ that only gives data gives, read without dbt."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

MACROS = Path(__file__).resolve().parents[2] / "dbt" / "macros"


def correctable(entity: str) -> dict[str, Any]:
    """Key and fields that dbt/macros/correctable.sql has for an entity; its text type reads `text`."""
    import jinja2

    given: list[dict[str, Any]] = []
    text = (MACROS / "correctable.sql").read_text("utf-8")
    head = text[: text.index("{#- The key of a master row")]
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    template = environment.from_string(head + "{{ correctable('" + entity + "') }}")
    template.render(
        {"return": given.append, "dbt": SimpleNamespace(type_string=lambda: "text"), "none": None}
    )
    return given[0]
