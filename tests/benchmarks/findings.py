"""What a part of the benchmark has found: numbers with their spread, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One number: the median of its rounds, with the least and the most of them."""

    name: str
    value: float | None = None  # None where it was not measured
    unit: str = ""  # "" for a ratio
    least: float | None = None
    most: float | None = None
    goal: str = ""  # "at least 0.98" or "at most 50", empty where there is none
    why: str = ""  # it was not measured, or what the number says

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none, or no number."""
        if self.value is None or not self.goal:
            return None
        side, _, bound = self.goal.rpartition(" ")
        return self.value >= float(bound) if side == "at least" else self.value <= float(bound)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it, without what it has not."""
        told = {k: v for k, v in asdict(self).items() if v not in ("", None)}
        return told if self.met is None else told | {"met": self.met}


@dataclass(frozen=True)
class Scale:
    """How much is measured: everything, or in a few seconds only that it can be."""

    quick: bool = False
    rounds: int = 7
    threads: int = 1  # of every contestant
    drop_caches: bool = False
    contestants: tuple[str, ...] = ()  # of the part "training"; () for all of them

    def pick(self, full: Any, quick: Any) -> Any:
        """One of two values."""
        return quick if self.quick else full


def of_rounds(
    name: str, values: Sequence[float], unit: str = "", *, goal: str = "", why: str = ""
) -> Finding:
    """The median of some rounds with its spread."""
    return Finding(name, median(values), unit, min(values), max(values), goal, why)


def not_measured(name: str, why: str) -> Finding:
    """A number that there is none of, and the reason."""
    return Finding(name, why=why)
