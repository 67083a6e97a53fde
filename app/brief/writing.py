"""Writes the brief of one version: reports/brief/brief.zh.html, .en.html and their pictures."""

from __future__ import annotations

import subprocess
from pathlib import Path

from app import published
from app.access.policy import Policy, acting_as
from app.brief import page, picture
from app.labels import LANGUAGES
from dagster_project import safe_tables

READER = Policy("executive")
"""Whom it is written for: nothing that this role may not see is in it."""


def write(file: Path, folder: Path, *, with_pictures: bool) -> list[str]:
    """The files written, and a line for what could not be. An older picture never stays beside a newer page.

    Raises `published.UnavailableError` where the version has nothing to tell.
    """
    version = published.version_of(file)
    browser = picture.chromium() if with_pictures else None
    told = []
    with acting_as(READER):
        pages = {lang: page.html(version, lang) for lang in LANGUAGES}
    for lang, text in pages.items():
        made = folder / f"brief.{lang}.html"
        shot = made.with_suffix(".png")
        shot.unlink(missing_ok=True)
        safe_tables.write(made, text.encode())
        told.append(made.name)
        if browser is not None:
            try:
                picture.take(browser, made, shot)
                told.append(shot.name)
            except (OSError, subprocess.SubprocessError) as error:
                told.append(f"no {shot.name}: {type(error).__name__}")
    if with_pictures and browser is None:
        told.append("no pictures: no chromium on the PATH (apt-get install chromium fonts-noto-cjk)")
    return told
