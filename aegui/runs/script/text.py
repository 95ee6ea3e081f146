"""Pieces of Python that are put together to a script."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

INDENT = "    "


def block(text: str) -> str:
    """A piece of code as it is written here, at the left margin and without the empty lines around it."""
    return textwrap.dedent(text).strip("\n")


def indented(lines: Iterable[str], depth: int = 1) -> str:
    """Lines of a body."""
    return "\n".join(f"{INDENT * depth}{line}" if line else "" for line in lines)


def function(head: str, doc: str, lines: Iterable[str], depth: int = 0) -> str:
    """A function with its sentence and its body."""
    body = indented([f'"""{doc}."""', *lines])
    return textwrap.indent(f"def {head}:\n{body}", INDENT * depth)
