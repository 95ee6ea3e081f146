"""The entry to all importers: read a file, know whether it changed, guess what it is."""

from __future__ import annotations

import os
from collections.abc import Callable

from aegui.data.importing.guessing import guess
from aegui.data.importing.image_folder import folder_fingerprint
from aegui.data.importing.limits import FEWEST_SAMPLES, counted, refused
from aegui.data.stored import Stored
from aegui.errors import InvalidExperiment, Problem
from aegui.spec.source import ArraySource, IdxSource, ImagesSource, Source, TableSource

__all__ = ["Progress", "fingerprint", "guess", "read_file"]

Progress = Callable[[int, int], None]  # done, total; a total of 0 while it is not known


def read_file(source: Source, progress: Progress | None = None) -> Stored:
    """All samples of a file or folder of one's own.

    Raises InvalidExperiment with every problem that is found, at ``data.source.path`` or a
    more exact path such as ``data.source.label``; each message names the file.
    """
    if not source.path:
        raise InvalidExperiment([Problem("data.source.path", "is empty; choose a file or a folder")])
    try:
        stored = _read(source, progress)
    except MemoryError:
        raise refused(source.path, "does not fit into the free memory; make it smaller") from None
    if stored.test is None and len(stored.train) < FEWEST_SAMPLES:
        has = counted(len(stored.train), "sample")
        message = f"must hold at least {FEWEST_SAMPLES} samples, to train and to test with, has {has}"
        raise refused(source.path, message)
    return stored


def _read(source: Source, progress: Progress | None) -> Stored:
    match source:
        case IdxSource():
            from aegui.data.importing.idx_source import read_idx_source

            return read_idx_source(source, progress)
        case ImagesSource():
            from aegui.data.importing.images import read_images

            return read_images(source, progress)
        case ArraySource():
            from aegui.data.importing.arrays import read_arrays

            return read_arrays(source, progress)
        case TableSource():
            from aegui.data.importing.tables import read_table

            return read_table(source, progress)


def fingerprint(source: Source) -> object:
    """A hashable value that changes when the files behind a source do; never raises."""
    paths = [source.path]
    if isinstance(source, IdxSource):
        paths += [source.labels, source.test, source.test_labels]
    return tuple(_state(path) for path in paths if path)


def _state(path: str) -> object:
    """Size and time of a file, or those of everything in a folder; None where there is nothing."""
    try:
        if os.path.isdir(path):
            return folder_fingerprint(path)
        status = os.stat(path)
        return status.st_size, status.st_mtime_ns
    except (OSError, ValueError):
        return None
