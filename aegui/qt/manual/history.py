"""Pages that were read, and how far: what the buttons Back and Forward go through."""

from __future__ import annotations

from aegui.qt.manual.pages import FIRST


class History:
    """A page, those before it and those that were left by going back, each with its place in pixels."""

    def __init__(self) -> None:
        self.page = FIRST
        self._before: list[tuple[str, int]] = []
        self._after: list[tuple[str, int]] = []

    @property
    def has_back(self) -> bool:
        """Whether there is a page before."""
        return bool(self._before)

    @property
    def has_forward(self) -> bool:
        """Whether there is a page that was left by going back."""
        return bool(self._after)

    def go(self, page: str, place: int) -> None:
        """To a page; ``place`` is where the one on screen is left."""
        self._before.append((self.page, place))
        self._after.clear()
        self.page = page

    def back(self, place: int) -> int | None:
        """To the page before; returns where it was left, None if there is none."""
        return self._turn(self._before, self._after, place)

    def forward(self, place: int) -> int | None:
        """To the page after; returns where it was left, None if there is none."""
        return self._turn(self._after, self._before, place)

    def _turn(self, pages: list[tuple[str, int]], others: list[tuple[str, int]], place: int) -> int | None:
        if not pages:
            return None
        others.append((self.page, place))
        self.page, at = pages.pop()
        return at
