"""A line without axes, as a CSS mask: the way of one part over the last periods."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.charts import mask

WIDTH = 120
HEIGHT = 32
_PAD = 3


def html(values: Sequence[float | None], described_as: str) -> str:
    """The values from oldest to newest, scaled to their own range; gaps stay gaps. Empty under two values."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    spread = (high - low) or 1.0
    step = (WIDTH - 2 * _PAD) / (len(values) - 1)

    def point(at: int, value: float) -> tuple[float, float]:
        return _PAD + at * step, HEIGHT - _PAD - (value - low) / spread * (HEIGHT - 2 * _PAD)

    commands = []
    pen_down = False
    last = (0.0, 0.0)
    for at, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        last = point(at, value)
        commands.append(f"{'L' if pen_down else 'M'}{last[0]:.1f} {last[1]:.1f}")
        pen_down = True
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{"".join(commands)}" fill="none" stroke="#000" stroke-width="1.6"'
        ' stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.8"/></svg>'
    )
    return (
        f'<i class="ly-spark" role="img" aria-label="{escape(described_as, quote=True)}"'
        f' style="{mask.style(drawing)}"></i>'
    )
