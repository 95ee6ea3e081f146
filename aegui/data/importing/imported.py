"""What a file gave, with what was missing in it."""

from __future__ import annotations

from dataclasses import dataclass

from aegui.data.stored import Stored


@dataclass(frozen=True, eq=False)
class Imported(Stored):
    """A :class:`Stored` that also knows which cells of its file were no usable numbers."""

    gaps: tuple[tuple[str, int], ...] = ()  # columns with missing numbers, and how many, before handling
