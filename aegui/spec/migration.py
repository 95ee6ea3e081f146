"""Brings experiment files of older formats to the present one, a step at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aegui.errors import InvalidExperiment, Problem
from aegui.spec.edits import validated
from aegui.spec.experiment import FORMAT
from aegui.spec.problems import shown

Tree = dict[str, Any]


def migrated(tree: Tree) -> Tree:
    """The same experiment in the present format; a file that names none has it already.

    Raises InvalidExperiment at ``format`` for a newer one, whose other problems would mislead, and
    for what is no format, with every other problem.
    """
    number = tree.get("format", FORMAT)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        message = f"must be a whole number from 0 to {FORMAT}, got {shown(number)}"
        raise InvalidExperiment([Problem("format", message), *_problems(tree | {"format": FORMAT})])
    if number > FORMAT:
        message = f"is {shown(number)}, made by a newer aegui; this one reads up to {FORMAT}: please update"
        raise InvalidExperiment([Problem("format", message)])
    for older in range(number, FORMAT):
        tree = _STEPS[older](tree) | {"format": older + 1}
    return tree


def _problems(tree: Tree) -> tuple[Problem, ...]:
    try:
        validated(tree)
    except InvalidExperiment as error:
        return error.problems
    return ()


def _from_drafts(tree: Any) -> Any:
    """Format 0, before the first release: a layer was its number of units, a variant its bare kind."""
    tree = _replaced(tree, "noise", _kind)
    tree = _replaced(tree, "penalty", lambda penalty: _replaced(penalty, "code", _kind))
    tree = _replaced(tree, "training", lambda training: _replaced(training, "optimizer", _kind))
    return _replaced(tree, "architecture", _architecture)


def _architecture(table: Any) -> Any:
    return _replaced(_replaced(table, "encoder", _layers), "decoder", _layers)


def _layers(layers: Any) -> Any:
    return [_layer(layer) for layer in layers] if isinstance(layers, list) else layers


def _layer(layer: Any) -> Any:
    if isinstance(layer, int) and not isinstance(layer, bool):
        return {"kind": "dense", "units": layer}
    return {"kind": "dense", **layer} if isinstance(layer, dict) else layer


def _kind(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


def _replaced(table: Any, key: str, change: Callable[[Any], Any]) -> Any:
    """A copy of a table with one part changed, if it is a table and has that part."""
    if not isinstance(table, dict) or key not in table:
        return table
    return table | {key: change(table[key])}


_STEPS: dict[int, Callable[[Tree], Tree]] = {0: _from_drafts}
