"""Where the terms of a sum break into lines. Plain arithmetic: no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_PLANS = ((1, 0.85), (2, 0.8), (3, 0.6))  # lines, and the smallest scale at which so few are kept
_TIGHT = ((1, 0.7), (2, 0.7), (3, 0.6))  # the same where there is little height
_LEAST, _STEP = 0.3, 0.05  # scales


@dataclass(frozen=True)
class Sizes:
    """Widths in pixels at one scale: of the blocks, the first being the sum itself, and of a sign."""

    blocks: tuple[float, ...]
    sign: float

    def start(self, line: Sequence[int]) -> float:
        """Where the first block of a line begins; signs of later lines stand beneath the first one."""
        return self.blocks[0] + self.sign if line[0] else 0.0

    def end(self, line: Sequence[int]) -> float:
        """Where its last block ends."""
        return self.start(line) + sum(self.blocks[i] for i in line) + self.sign * (len(line) - 1)


def broken(sizes: Sizes, room: float) -> list[list[int]]:
    """Indices of the blocks of each line. The sum and its first term are never parted."""
    lines: list[list[int]] = []
    for index in range(len(sizes.blocks)):
        if not lines:
            lines.append([index])
        elif index < 2 or sizes.end([*lines[-1], index]) <= room:
            lines[-1].append(index)
        else:
            lines.append([index])
    return lines


def fitting(
    measure: Callable[[float], Sizes], room: float, largest: float = 1.0
) -> tuple[float, list[list[int]]]:
    """The scale and the lines: few lines first, then a large scale.

    Above 1, ``largest`` is for one line alone; beneath, for all, and lines are saved where they can be.
    """
    for count, least in _PLANS if largest >= 1 else _TIGHT:
        scale = largest if count == 1 else min(1.0, largest)
        while scale >= least - 1e-9:
            lines = _fitted(measure(scale), room)
            if lines is not None and len(lines) <= count:
                return scale, lines
            scale -= _STEP
    scale = _PLANS[-1][1]
    while scale > _LEAST and _fitted(measure(scale), room) is None:
        scale -= _STEP
    return scale, broken(measure(scale), room)


def _fitted(sizes: Sizes, room: float) -> list[list[int]] | None:
    lines = broken(sizes, room)
    return lines if all(sizes.end(line) <= room for line in lines) else None
