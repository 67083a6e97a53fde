"""What is wrong with a rule file: one fault a line, with its place and how to mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of a file; line 0 is the file as a whole."""

    file: str
    line: int
    column: str | None
    code: str
    """Names the kind of fault for programs; docs/rules.md lists them."""
    what: str
    mend: str

    @property
    def text(self) -> str:
        """One line for a person: `file:line: column: what; how to mend`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {f'{self.column}: ' if self.column else ''}{self.what}; {self.mend}"

    def as_json(self) -> dict[str, object]:
        """The fault as JSON has it."""
        return asdict(self)


def quoted(cell: str, longest: int = 60) -> str:
    """A hostile cell as a fault may show it: short, without line breaks or control characters."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in cell[: longest + 1])
    return f"`{shown[:longest]}…`" if len(cell) > longest else f"`{shown}`"
