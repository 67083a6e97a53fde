"""Which errors are meant for the person at the keyboard: their text is one line that says how to mend it."""

from __future__ import annotations


class LuyueError(Exception):
    """Something that a person can mend: the text says what, where and how to mend it."""


class WalledError(Exception):
    """An unexpected error near personal values: kind and place, not its text, which may quote one."""


def is_for_people(error: BaseException) -> bool:
    """Whether the error's text is a line for a person, not a fault of the program."""
    from dagster_project.lib.ingest.errors import ContractError
    from identity.vault import VaultError

    return isinstance(error, (LuyueError, ContractError, VaultError, OSError))
