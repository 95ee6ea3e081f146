"""What is known about this machine without any library."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
import threading
from contextlib import suppress

IMPORTING = threading.RLock()  # of SciPy and PyTorch: SciPy stumbles over a PyTorch that is half there
_M_ARENA_MAX = -8  # of glibc's mallopt


def memory_bytes() -> int | None:
    """Memory of this machine, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def share_one_heap() -> None:
    """Lets all threads that are still to come take their memory from one heap, on Linux.

    The C library would give each its own, up to eight for a core, and what many short threads free
    stays behind in theirs: a window that writes run after run grew by a megabyte or more with each.
    """
    if sys.platform == "linux" and "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(OSError, AttributeError):  # a C library of another kind
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Returns what lies free within the heap to the system, on Linux; takes about 20 ms for 300 MB.

    Moments of a run are large and go in another order than they came: without this, a window that
    trains one run after another grows by what lies between them.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library of another kind
            ctypes.CDLL(None).malloc_trim(0)


def own_memory(size: int) -> mmap.mmap:
    """So many bytes (at least 1) outside of the heap, which go back to the system with the last view of them.

    What is kept long among all that comes and goes would leave the heap full of holes. Raises MemoryError.
    """
    try:
        if sys.platform == "win32":
            return mmap.mmap(-1, size)
        return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE)
    except OSError as error:
        raise MemoryError(f"{size:,} bytes are not to be had") from error
