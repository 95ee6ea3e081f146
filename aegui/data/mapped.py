"""Arrays that stay in a file on the disk, which another program may write to meanwhile."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np

from aegui.errors import OperationFailed

Raw = np.ndarray[tuple[int, ...], np.dtype[Any]]


def mapping_of(array: Raw) -> np.memmap[Any, Any] | None:
    """The mapped file that an array looks at; None where its numbers are in memory."""
    base: object = array
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            return base
        base = base.base
    return None


def check_whole(array: Raw) -> None:
    """Raises OperationFailed if an array lies in a file that has become shorter.

    The system ends a process that reads a mapped file behind its end. Many programs cut a file
    before they write it again, so this is asked before each reading.
    """
    mapping = mapping_of(array)
    if mapping is None:
        return
    file: mmap.mmap = mapping._mmap  # type: ignore[attr-defined]  # numpy does not declare it
    needed = mapping.offset // mmap.ALLOCATIONGRANULARITY * mmap.ALLOCATIONGRANULARITY + len(file)
    if file.size() < needed:
        raise OperationFailed(
            f"{mapping.filename}: must have {needed:,} bytes, has {file.size():,} now: it was changed while"
            " it was in use; choose the data again"
        )
