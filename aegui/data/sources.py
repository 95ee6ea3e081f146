"""Every source of data, built in or a file, read once and kept."""

from __future__ import annotations

import threading

from aegui.data.builtin import read_builtin
from aegui.data.importing.reading import Progress, fingerprint, read_file
from aegui.data.stored import Stored
from aegui.spec.source import Source

_MOST_KEPT = 3  # sources; the one that was not asked for longest goes first

_cache: dict[object, Stored] = {}
_lock = threading.Lock()


def read_source(source: str | Source, progress: Progress | None = None) -> Stored:
    """All of a source; kept in memory after the first call, as long as its files do not change.

    ``progress`` is told of the reading of a file, and may raise to end it.

    Raises InvalidExperiment for an unknown name or a file that cannot be used, with the path
    ``data.source``; OperationFailed if bundled files are missing.
    """
    # The lock also makes a second thread wait for the first one's reading, not repeat it.
    with _lock:
        key = _key(source)
        found = _cache.pop(key, None) or _read(source, progress)
        _cache[key] = found
        while len(_cache) > _MOST_KEPT:
            del _cache[next(iter(_cache))]
        return found


def _read(source: str | Source, progress: Progress | None) -> Stored:
    return read_builtin(source) if isinstance(source, str) else read_file(source, progress)


def _key(source: str | Source) -> object:
    if isinstance(source, str):
        return source
    return source, fingerprint(source)
