"""A picture of an HTML file as a phone shows it, by the Chromium that is there, cut below its last line."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

WIDTH = 390
"""CSS pixels: a phone."""
TALLEST = 2000
"""CSS pixels that the brief may be high; what is empty below it is cut off."""
SCALE = 2
MARGIN = 16
WITHIN_SECONDS = 60


def chromium() -> str | None:
    """The browser's path; None where none is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def take(browser: str, page: Path, picture: Path) -> None:
    """Writes the PNG. Raises OSError or `subprocess.SubprocessError` where the browser does not."""
    with TemporaryDirectory() as home:
        shot = Path(home) / "shot.png"
        flags = [
            "--headless",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={home}/profile",
            f"--window-size={WIDTH},{TALLEST}",
            f"--force-device-scale-factor={SCALE}",
            f"--screenshot={shot}",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
        ]
        done = subprocess.run(
            [browser, *flags, page.resolve().as_uri()],
            capture_output=True,
            timeout=WITHIN_SECONDS,
            check=True,
        )
        if not shot.is_file():
            raise OSError(f"{browser} wrote no picture: {done.stderr[-200:]!r}")
        _cut(shot)
        shot.chmod(0o640)
        shutil.move(shot, picture)


def _cut(shot: Path) -> None:
    """Cuts off the rows below the last that differs from the bottom one."""
    from PIL import Image, ImageChops

    with Image.open(shot) as opened:
        whole = opened.convert("RGB")
    ground = Image.new("RGB", whole.size, whole.getpixel((0, whole.height - 1)))
    box = ImageChops.difference(whole, ground).getbbox()
    bottom = min(whole.height, (box[3] if box else 0) + MARGIN * SCALE)
    whole.crop((0, 0, whole.width, max(bottom, 1))).save(shot)
