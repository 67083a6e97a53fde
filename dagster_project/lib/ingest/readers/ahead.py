"""An iterator whose next items are made on a thread of its own, while the last one is worked on."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")
_WAIT_SECONDS = 0.1
"""How often the thread asks whether anybody still wants its items."""
_END = object()


def ahead(items: Iterator[Item], depth: int = 1) -> Iterator[Item]:
    """The same items in the same order, up to `depth` of them made before they are asked for. What the
    iterator raises is raised here; if the caller stops early, the thread ends with it."""
    made: queue.Queue[Any] = queue.Queue(depth)
    unwanted = threading.Event()

    def offer(item: Any) -> bool:  # noqa: ANN401 — an item, an exception, or the end
        while not unwanted.is_set():
            try:
                made.put(item, timeout=_WAIT_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for item in items:
                if not offer((item, None)):
                    return
        except BaseException as error:
            offer((None, error))
        else:
            offer((_END, None))

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            item, error = made.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
            del item
    finally:
        unwanted.set()
        thread.join()
