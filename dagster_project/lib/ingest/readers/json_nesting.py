"""Where the rows of a JSON document stand: what wraps the objects, and which list in them has the rows.

Providers answer a query with one object and push the same inside another. Reading keys and cells is the work
of json_rows.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagster_project.lib.ingest.readers.json_query import query

if TYPE_CHECKING:
    import pyarrow as pa

    from dagster_project.lib.ingest.contracts.contract import Contract


@dataclass(frozen=True)
class Nesting:
    """How a source nests its rows; the default is one row an object."""

    records: str | None = None
    """The list inside each object whose items are the rows."""
    inside: tuple[str, ...] = ()
    """Keys whose value, an object or a list of objects, takes the place of the object around it."""
    lone: bool = False
    """An object without the list of records is a row itself."""

    @classmethod
    def of(cls, contract: Contract) -> Nesting:
        """As the contract says."""
        inside = tuple(contract.get("inside", ()))
        return cls(contract.get("records"), inside, bool(contract.get("lone_objects")))

    def unwrapped(self, docs: pa.Table) -> pa.Table:
        """The documents (columns line, doc) with what they wrap in their place, in order, line by line."""
        for key in self.inside:
            docs = query(
                "select line, unnest(case kind "
                "when 'ARRAY' then from_json(inner_doc, '[\"JSON\"]')::varchar[] "
                "when 'OBJECT' then [inner_doc::varchar] else [doc] end) as doc from ("
                "select line, doc, case when valid then json_type(doc, $path) end as kind, "
                "case when valid then json_extract(doc, $path) end as inner_doc "
                "from (select *, json_valid(doc) as valid from docs))",
                docs,
                path=f'$."{key}"',
            ).to_arrow()
        return docs
