"""Answers looks: what the views ask of a network. torch.

samples   codes and errors of training samples
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aegui.analysis.looking.samples import train_part
from aegui.analysis.looks import TrainPart
from aegui.training.bench import Bench
from aegui.training.snapshot import Look

_ANSWERS: dict[type[Look], Callable[[Bench, Any], object]] = {
    TrainPart: train_part,
}


def see(bench: Bench, look: Look) -> object:
    """The answer to a look, of the type that its docstring names."""
    return _ANSWERS[type(look)](bench, look)


__all__ = ["see"]
