"""Work in parts: generators that rest, so that whoever runs them can do something else between."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TypeVar

_Found = TypeVar("_Found")


def at_once(parts: Generator[None, None, _Found]) -> _Found:
    """What is found out in parts, without a rest between them."""
    while True:
        try:
            next(parts)
        except StopIteration as end:
            found: _Found = end.value
            return found


def is_over(parts: Iterator[None]) -> bool:
    """Does the next part; whether it was the last one."""
    for _ in parts:
        return False
    return True
