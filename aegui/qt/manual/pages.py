"""The pages of the manual: Markdown in ``resources/help``, and two that follow from the program itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from aegui.qt.keys import keys_page
from aegui.qt.manual.reference import settings_page
from aegui.resources import resource

FIRST = "first-steps"

# What the contents list, in the order of reading.
CONTENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Start", (FIRST, "data", "network")),
    ("Autoencoders", ("types", "training", "latent")),
    ("Workspaces", ("reduction", "denoising", "anomalies", "features", "inside", "draw", "compare")),
    ("Around it", ("runs", "command-line", "troubleshooting")),
    ("Reference", ("glossary", "settings", "keys")),
)
PAGES = tuple(name for _, names in CONTENTS for name in names)

_MADE: dict[str, Callable[[], str]] = {"keys": keys_page, "settings": settings_page}
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*`|#]|^\s*[-:| ]+$", re.MULTILINE)


@cache
def page_text(name: str) -> str:
    """A page in Markdown. Raises OperationFailed if this installation lacks it."""
    if name in _MADE:
        return _MADE[name]()
    return resource("help", f"{name}.md").read_text(encoding="utf-8")


def title_of(name: str) -> str:
    """What a page is called: its first line."""
    return page_text(name).partition("\n")[0].lstrip("# ")


def page_of(link: str) -> str | None:
    """The page that a link leads to, None if it is none of the manual's."""
    name = link.removesuffix(".md")
    return name if link.endswith(".md") and name in PAGES else None


def found(text: str) -> tuple[str, ...]:
    """The pages that have all words of a text, those with a word of it in their title first."""
    words = text.lower().split()
    having = [name for name in PAGES if all(word in _plain(name) for word in words)]
    return tuple(sorted(having, key=lambda name: not any(w in title_of(name).lower() for w in words)))


@cache
def _plain(name: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", page_text(name))).lower()
