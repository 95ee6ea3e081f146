"""What is known about this machine, and what it is told, without any library."""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import platform
import sys
import threading
from contextlib import suppress

IMPORTING = threading.RLock()  # of SciPy and PyTorch: SciPy stumbles over a PyTorch that is half there
_M_ARENA_MAX = -8  # of glibc's mallopt
_TURN = 0.001  # seconds, of Python's usual 0.005


def memory_bytes() -> int | None:
    """Memory of this machine, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def prepare_for_window() -> None:
    """What has to be so before libraries load and threads start."""
    gc.disable()  # the window has a collector of its own; this one goes through what a library brings in vain
    share_one_heap()
    _leave_cores_to_training()
    _take_short_turns()


def _leave_cores_to_training() -> None:
    """One thread for numpy's linear algebra: callers from several threads would wait for its pool in turn.

    Where PyTorch brings a library of its own, as it does on these processors, training is not concerned.
    """
    if platform.machine().lower() in ("x86_64", "amd64"):
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _take_short_turns() -> None:
    """A window that is painted waits for Python a hundred times, each time for as long as a turn takes.

    Training, which is out of Python most of the time, loses nothing by it.
    """
    sys.setswitchinterval(_TURN)


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
