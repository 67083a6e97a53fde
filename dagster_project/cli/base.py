"""What all commands share: the application they are registered on, options, and how results are printed.

No command stands here. Nothing heavy is imported: `luyue --help` answers in a fraction of a second.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from dagster_project import settings as settings_module
from dagster_project.lib.errors import LuyueError

app = typer.Typer(
    name="luyue",
    help="Luyue (履约): one customer, one order, one promise, one stock figure, and the trust in each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Data = Annotated[Path | None, typer.Option("--data", help="Data folder (LUYUE_DATA, else data/).")]
Channels = Annotated[
    list[Path] | None, typer.Option("--channels", help="Folder of further contracts; repeatable.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, last, on standard output.")]


def group(name: str, text: str) -> typer.Typer:
    """A group of commands, `luyue NAME …`; `text` is its help."""
    made = typer.Typer(name=name, help=text, no_args_is_help=True)
    app.add_typer(made)
    return made


def existing(
    data: Path | None, channels: list[Path] | None = None, landing: Path | None = None
) -> settings_module.Settings:
    """Settings of a data folder that must be there: a mistyped one is not made."""
    must_exist("--channels", channels)
    must_exist("--landing", [landing] if landing else None)
    settings = settings_module.load(data=data, landing=landing, channels=channels or ())
    if not settings.data.is_dir():
        raise LuyueError(f"{settings.data}: no such data folder; name it with --data")
    return settings


def must_exist(option: str, folders: list[Path] | None) -> None:
    """Wrong usage where a folder that an option names is not there: a mistyped one is no empty one."""
    for folder in folders or ():
        if not folder.is_dir():
            raise typer.BadParameter(f"{folder}: no such folder", param_hint=option)


def say(text: str) -> None:
    """One line of progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def out(*lines: str) -> None:
    """Lines of the result, on standard output."""
    print("\n".join(lines), flush=True)


def print_result(result: Any, as_json: bool) -> None:  # noqa: ANN401 (whatever JSON can hold)
    """The result as JSON, or a mapping as one line a name."""
    if as_json:
        out(json.dumps(result, ensure_ascii=False, indent=2, default=str))
    else:
        out(*(f"{name:<13} {_readable(value)}" for name, value in result.items()))


def _readable(value: Any) -> str:  # noqa: ANN401 (whatever a result holds)
    """A value for people: nothing, yes and no, and several things, as they are said."""
    if value is None or value in ((), []):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return "; ".join(_readable(each) for each in value)
    return str(value)


def fail(text: str) -> int:
    """Says in one line what failed; the exit code to end with."""
    say(f"luyue: {text}")
    return 1
