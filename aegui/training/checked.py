"""Whether what a file holds can be the state of a run: fused optimisers trust the shapes they are given.

Every function raises ValueError, with what is wrong in words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from aegui.spec import Optimizer
from aegui.spec.problems import shown

_LARGEST = 2**53  # of a number of steps
_LONGEST = 500  # characters of a sentence or a name
_MOMENTS = {
    "adam": ("exp_avg", "exp_avg_sq"),
    "adamw": ("exp_avg", "exp_avg_sq"),
    "sgd": ("momentum_buffer",),
    "rmsprop": ("square_avg",),
}
_COUNTS = {"adam": ("step",), "adamw": ("step",), "rmsprop": ("step",)}


def check_fit(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> None:
    """Whether tensors have the names, shapes and types of others."""
    for name in wanted:
        if name not in found:
            raise ValueError(f"{name} is missing")
    for name, tensor in found.items():
        if name not in wanted:
            raise ValueError(f"{shown(name)} is not known")
        _check_like(name, tensor, tuple(wanted[name].shape), wanted[name].dtype)


def check_moments(
    states: Mapping[int, Mapping[str, Tensor]], optimizer: Optimizer, parameters: Sequence[Tensor]
) -> None:
    """Whether states of an optimiser, by the number of the parameter, are none at all or one of each."""
    if not states:  # before the first step, and where a checkpoint was written without
        return
    if sorted(states) != list(range(len(parameters))):
        raise ValueError(f"the optimiser must know {len(parameters)} parameters, knows {len(states)} others")
    moments, counts = _MOMENTS[optimizer.kind], _COUNTS.get(optimizer.kind, ())
    for number, parameter in enumerate(parameters):
        wanted = dict.fromkeys(moments, parameter) | dict.fromkeys(counts, torch.zeros(()))
        check_fit(states[number], wanted)


def check_history(
    tables: Mapping[str, Tensor], width: int, step: int, steps_per_epoch: int, *, ended: bool
) -> None:
    """Whether the rows of batches, of epochs and of evaluations are those of a run at this step.

    Of one that has ``ended`` because its loss was no longer finite, some are of a later step. The last
    epoch may miss where memory was out at its end.
    """
    for name, table in tables.items():
        _check_like(f"history.{name}", table, (len(table) if table.ndim else 0, width), torch.float32)
    batches, epochs, evaluations = (len(tables[name]) for name in ("batch", "train", "test"))
    if evaluations != epochs + 1:
        raise ValueError(f"the history must have {epochs + 1:,} evaluations, has {evaluations:,}")
    epoch, over = divmod(step, steps_per_epoch)
    if not ended and (batches != step or epochs not in ((epoch,) if over else (epoch, epoch - 1))):
        raise ValueError(
            f"the history must have {step:,} steps in {epoch:,} epochs, has {batches:,} in {epochs:,}"
        )


def check_terms(terms: Any, first: str) -> tuple[str, ...]:
    """Names of the terms of an objective, the reconstruction first."""
    if not isinstance(terms, list) or not all(isinstance(t, str) and t.isidentifier() for t in terms):
        raise ValueError(f"its terms must be names, are {shown(terms)}")
    if terms[:1] != [first] or len(set(terms)) < len(terms) or any(len(t) > _LONGEST for t in terms):
        raise ValueError(f"its terms must begin with {first}, each once, are {shown(terms)}")
    return tuple(terms)


def check_count(facts: Mapping[str, Any], name: str, most: int = _LARGEST) -> int:
    """A number of steps."""
    value = facts[name]
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"its {name} must be a whole number from 0 to {most}, is {shown(value)}")
    return value


def check_seconds(value: Any) -> float:
    """A duration."""
    if type(value) not in (int, float) or not 0 <= value < _LARGEST or not math.isfinite(value):
        raise ValueError(f"its seconds must be a number from 0, are {shown(value)}")
    return float(value)


def check_words(value: Any, name: str) -> str:
    """A sentence or a name."""
    if not isinstance(value, str) or len(value) > _LONGEST or not (value.isprintable()):
        raise ValueError(f"its {name} must be text in one line, is {shown(value)}")
    return value


def check_marks(marks: Any) -> list[tuple[int, str, object]]:
    """Live changes: a step, the path of a setting and its value, each."""
    if not isinstance(marks, list):
        raise ValueError(f"its marks must be a list, are {shown(marks)}")
    for mark in marks:
        if not isinstance(mark, list) or len(mark) != 3 or not isinstance(mark[2], bool | int | float | str):
            raise ValueError(f"its marks must be a step, a path and a value each, one is {shown(mark)}")
        check_count({"mark": mark[0]}, "mark")
        check_words(mark[1], "mark")
    return [(step, path, value) for step, path, value in marks]


def _check_like(name: str, tensor: Tensor, shape: tuple[int, ...], dtype: torch.dtype) -> None:
    if (tuple(tensor.shape), tensor.dtype) != (shape, dtype):
        words = ["×".join(map(str, s)) or "one number" for s in (shape, tuple(tensor.shape))]
        types = [str(t).removeprefix("torch.") for t in (dtype, tensor.dtype)]
        raise ValueError(f"{name} must be {words[0]} {types[0]}, is {words[1]} {types[1]}")
