"""How good a grouping of records into customers is, where the truth is known.

`scores` (by pairs and B³), `slices` (by touchpoint, number, size), `calibration` (probability against share
right), `ceiling` (what any linking could find). No file is read and nothing is linked here.
"""

from __future__ import annotations

from identity.evaluation.scores import Scores, evaluate, scores

__all__ = ["Scores", "evaluate", "scores"]
