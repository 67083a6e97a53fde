"""What can be wrong with a file or a row, by code. Each code is written to the ledger or the quarantine as
it is."""

from __future__ import annotations

FILE_CODES = {
    "empty_file": "the file has no bytes",
    "unreadable": "the bytes are no table of a known kind",
    "no_header": "no row of the first ones holds a known column name",
    "missing_column": "a required column is missing",
    "duplicate_header": "a mapped column name occurs twice and the columns differ",
    "damaged_ids": "a spreadsheet program has rounded the ids",
}

ROW_CODES = {
    "cut_line": "the file ends inside this line",
    "cell_count": "the line has another number of cells than the header",
    "bad_json": "the line is no JSON object",
    "bad_encoding": "the cell holds bytes that are no text",
    "cell_too_large": "the cell is over 1 MB",
    "missing_key": "a column that identifies the row is empty",
    "bad_time": "not a time",
    "bad_number": "not a number",
    "bad_boolean": "neither yes nor no",
    "bad_value": "the value cannot be taken apart as the contract says",
    "negative_quantity": "a quantity of an order is negative",
    "negative_price": "a price of an order is negative",
}


class FileRefusedError(Exception):
    """The whole file cannot be taken. `rows` is how many rows of it could be read."""

    def __init__(self, code: str, reason: str, rows: int = 0) -> None:
        assert code in FILE_CODES, code
        super().__init__(reason)
        self.code, self.reason, self.rows = code, reason, rows

    def __reduce__(self) -> tuple[type[FileRefusedError], tuple[str, str, int]]:
        return type(self), (self.code, self.reason, self.rows)


class ContractError(Exception):
    """A contract or column map cannot be used; the text names the file, the key and how to mend it."""
