"""What the warehouse would put in place of what is wrong: one module a kind, each from the published file
alone.

Every kind gives rows of `COLUMNS`. A value that has more than one likely mend gets no suggestion. Taking one
is `accepting.py`; what is wrong is found in the marts and the suites.
"""

COLUMNS = (
    "entity", "record_key", "field", "old_value", "new_value", "confidence", "about_key", "why_zh", "why_en",
)  # fmt: skip
"""`confidence` 0–1: how sure the mend is, by the rule of its kind. `about_key`: the record of the finding,
where another one than that which is corrected."""
