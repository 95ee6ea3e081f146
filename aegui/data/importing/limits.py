"""How large and how small data may be, and how a file is refused."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from pathlib import Path

from aegui.errors import InvalidExperiment, Problem
from aegui.machine import memory_bytes

LARGEST_SAMPLE = 1_000_000  # numbers in one sample; a photograph of 1000×1000 pixels
FEWEST_SAMPLES = 3  # of which one becomes the test part
MOST_CLASSES = 1000
LONGEST_NAME = 1000  # characters of a class

_MEMORY_IF_UNKNOWN = 4 * 2**30
_MOST_DIGITS = 18  # of a number that counts something; Python refuses those of more than 4,300


def refused(path: Path | str, message: str, field: str = "path") -> InvalidExperiment:
    """The error for a file that cannot be used, at the field of ``data.source`` that is to blame."""
    return InvalidExperiment([problem(path, message, field)])


def problem(path: Path | str, message: str, field: str = "path") -> Problem:
    """One thing that is wrong with a file, at a field of ``data.source``."""
    return Problem(f"data.source.{field}", f"{path}: {message}")


def memory_limit() -> int:
    """Bytes that one data set may take in memory: half of what this machine has."""
    return (memory_bytes() or _MEMORY_IF_UNKNOWN) // 2


def check_memory(path: Path | str, needed: int, advice: str) -> None:
    """Raises InvalidExperiment if ``needed`` bytes are more than this machine can spare."""
    limit = memory_limit()
    if needed > limit:
        raise refused(path, f"must fit into {gib(limit)} of memory, needs {gib(needed)}; {advice}")


def check_sample(path: Path | str, shape: tuple[int, ...], field: str = "path") -> None:
    """Raises InvalidExperiment if samples of this shape have too few or too many numbers."""
    size = math.prod(shape)
    if size > LARGEST_SAMPLE:
        words = "×".join(f"{n:,}" for n in shape)
        message = f"a sample must have at most {LARGEST_SAMPLE:,} numbers, has {words} = {size:,}"
        raise refused(path, f"{message}; make it smaller", field)
    if size < 2:
        raise refused(path, f"a sample must have at least 2 numbers to be compressed, has {size}", field)


def whole_number(text: str) -> int | None:
    """The number that a text of digits is; None for every other text, and for one of too many digits."""
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else None


def gib(size: int) -> str:
    """Bytes as text for people: ``1.5 GiB``."""
    for unit, name in ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size} bytes"


def counted(number: int, thing: str, plural: str = "") -> str:
    """A number with its noun: ``1 row``, ``2,000 rows``, ``3 classes``."""
    return f"{number:,} {thing if number == 1 else plural or thing + 's'}"


def listed(names: list[str] | tuple[str, ...], most: int = 6) -> str:
    """Names in quotes, a long list shortened."""
    shown = ", ".join(f'"{name}"' for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def no_such(thing: str, wanted: str, names: Sequence[str]) -> str:
    """The message for a name that is not there: what was probably meant, and what there is."""
    lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(wanted.strip().lower(), list(lower), n=1)
    hint = f'; did you mean "{lower[near[0]]}"?' if near else ";"
    return f'has no {thing} "{wanted}"{hint} it has {listed(tuple(names), 12)}'
