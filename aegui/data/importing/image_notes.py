"""The words in which a reader of pictures says what it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from aegui.data.importing.naming import shown

_NAMED = 5  # names in one note; the others are counted
_LONGEST = 60  # characters of one name


@dataclass
class Tally:
    """How many files something befell, and the names of the first few."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Counts a file; ``name`` is its name, or its name and what befell it."""
        self.count += 1
        if len(self.first) < _NAMED:
            self.first.append(name)

    def __str__(self) -> str:
        more = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {more:,} more" if more else "")


def short(parts: Iterable[str]) -> str:
    """A path below the folder for a sentence, its middle left out where it is long."""
    whole = "/".join(shown(part) for part in parts)
    half = _LONGEST // 2
    return whole if len(whole) <= _LONGEST else f"{whole[:half]}…{whole[-half:]}"


def were(count: int) -> str:
    return "was" if count == 1 else "were"


def size_text(size: tuple[int, int]) -> str:
    """Width×height, as photographers write it."""
    return f"{size[0]}×{size[1]}"
