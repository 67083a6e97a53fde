"""A harsh merchant's records of twelve touchpoints, with the truth beside them: the exam of linking.

`python -m benchmarks.identity_world --records N --out DIR [--seed S]` writes DIR/records.parquet (columns of
the feed customer_records) and DIR/truth.parquet (source, source_record_id, person_id). Nothing is taken from
the rules that it examines, nor from the world that the model is trained on.

Modules: `texts` (names, words, ids as text), `people` (households, numbers, homes, companies), `places`
(addresses and the ways to write them), `contacts` (who acted, and whose contact is on the record), `shown`
(how names and numbers are written), `touchpoints` (which columns each touchpoint fills). No measurement
belongs here.
"""

from __future__ import annotations

from benchmarks.identity_world.touchpoints import make

__all__ = ["make"]
