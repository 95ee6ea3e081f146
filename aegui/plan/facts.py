"""What the plan has to know about the data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Layout = Literal["picture", "signal", "table", "points"]


@dataclass(frozen=True)
class Facts:
    """The data after their limits and scaling were applied."""

    shape: tuple[int, ...]  # of one sample: (H, W), (C, H, W) or (k,)
    low: float
    high: float
    train: int
    test: int
    classes: int = 0
    memory: int | None = None  # bytes of this machine, None if not known
    layout: Layout = "picture"  # what a sample is; of length 1, "picture" counts as a row of a table

    @property
    def features(self) -> int:
        """k, the number of features of one sample."""
        return math.prod(self.shape)

    @property
    def grid(self) -> tuple[int, ...]:
        """How a network sees a sample: C×H×W, a signal as 1×1×k, a row of a table as (k,)."""
        match self.shape:
            case (_, _, _):
                return self.shape
            case (height, width):
                return (1, height, width)
        return (1, 1, self.features) if self.layout == "signal" else (self.features,)

    @property
    def picture(self) -> tuple[int, int, int]:
        """Channels, height, width of a sample; a row without neighbours is 1×1×k."""
        match self.grid:
            case (channels, height, width):
                return (channels, height, width)
        return (1, 1, self.features)
