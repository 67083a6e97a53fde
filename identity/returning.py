"""Memory given back to the system soon: Polars' allocator keeps what was freed for half a second and more, by
default, which on a fast machine is whole stages of a linking (150 MB of a million records).

To be imported before Polars is; afterwards it changes nothing. What is said in the environment wins.
"""

from __future__ import annotations

import os

SETTING = "_RJEM_MALLOC_CONF"
SOON = "dirty_decay_ms:100,muzzy_decay_ms:0"
"""Milliseconds after which freed pages are let go, and after which the system may no longer keep them."""

os.environ.update({SETTING: SOON} | os.environ)
