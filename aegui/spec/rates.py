"""What a schedule makes of the learning rate at each step of a run."""

from __future__ import annotations

import math

from aegui.spec.schedule import Constant, Cosine, OneCycle, Schedule, Step


def factor(schedule: Schedule, step: int, steps_per_epoch: int, epochs: int) -> float:
    """The share of ``training.rate`` that the update after ``step`` updates takes.

    ``step`` counts from 0: a run of T = steps_per_epoch · epochs updates asks for 0 to T − 1.
    Beyond that, cosine and one-cycle stay at their ends.

    - constant: 1.
    - step: γ^⌊epoch/every⌋, with the epochs completed.
    - cosine: r + (1 − r)·(1 + cos π·t)/2 with t = step/T. So t is 1, and the factor r, after
      the last update: with r = 0 even that one still moves the weights.
    - one-cycle: half a cosine from ``start`` at update 0 to 1 at update c·T − 1, then half a
      cosine to ``final`` at update T − 1. A run of a single update takes the full rate.
    """
    total = max(1, steps_per_epoch * epochs)
    match schedule:
        case Constant():
            return 1.0
        case Step(every=every, factor=drop):
            return math.pow(drop, step // max(1, steps_per_epoch) // every)
        case Cosine(final=final):
            return _half_cosine(1.0, final, step / total)
        case OneCycle():
            return _one_cycle(schedule, step, total)


def _one_cycle(schedule: OneCycle, step: int, total: int) -> float:
    peak, last = max(0.0, schedule.warmup * total - 1), total - 1
    if step < peak:
        return _half_cosine(schedule.start, 1.0, step / peak)
    return _half_cosine(1.0, schedule.final, (step - peak) / (last - peak) if last > peak else 0.0)


def _half_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(1.0, share))) / 2
