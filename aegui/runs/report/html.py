"""HTML whose text is escaped unless it is HTML already."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence


class Html(str):
    """Text that is HTML."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str) -> Html:
    """An element; plain text in it and in its attributes is escaped. ``class_`` stands for ``class``."""
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{named}>{joined(children)}</{name}>")


def void(name: str, /, **attributes: str) -> Html:
    """An element that holds nothing and has no end."""
    return Html(tag(name, **attributes).removesuffix(f"</{name}>"))


def joined(children: Iterable[str]) -> Html:
    """Several pieces after one another."""
    return Html("".join(child if isinstance(child, Html) else html.escape(child) for child in children))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> Html:
    """A table; the columns ``numbers``, counted from 0, are aligned at the right."""

    def cell(name: str, column: int, text: str) -> Html:
        return tag(name, text, class_="number") if column in numbers else tag(name, text)

    head = tag("tr", *(cell("th", i, text) for i, text in enumerate(heads)))
    body = (tag("tr", *(cell("td", i, text) for i, text in enumerate(row))) for row in rows)
    whole = tag("table", tag("thead", head), tag("tbody", *body))
    return tag("div", whole, class_="wide")  # which scrolls by itself on a narrow screen
