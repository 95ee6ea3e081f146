"""Standard output: takes every letter, and may be gone."""

from __future__ import annotations

import io
import os
import sys

_LOSSY = "backslashreplace"


def take_any_letter() -> None:
    """Titles and paths may hold letters that the terminal's encoding has not."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors in ("strict", "surrogateescape"):
        sys.stdout.reconfigure(errors=_LOSSY)


def flush_output() -> None:
    """Writes what was printed, here where a failure can still be told. Raises OSError."""
    if sys.stdout is not None:  # as it is in a program without a terminal
        sys.stdout.flush()


def output_is_lost() -> bool:
    """Whether nothing can be printed any more: then this is the failure that was met.

    Tries it with an empty line, since an unbuffered output forgets what it failed to write.
    """
    try:
        print(flush=True)
    except OSError:
        return True
    return False


def drop_output() -> None:
    """Python flushes once more at its end; from here on that leads nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
