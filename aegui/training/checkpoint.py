"""A run's state in one safetensors file: going on from it is bitwise as if nothing had happened.

The random streams need no place in it: they depend on the seed and the step alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from aegui.errors import InvalidInput
from aegui.spec import Experiment, dumps, foreign_paths, loads
from aegui.spec.problems import shown
from aegui.spec.terms import term_names
from aegui.training.checked import (
    check_count,
    check_fit,
    check_history,
    check_marks,
    check_moments,
    check_seconds,
    check_terms,
    check_words,
)
from aegui.training.history import Rows
from aegui.training.snapshot import Mark
from aegui.training.tensor_file import pack_tensors, unpack_tensors
from aegui.training.trainer import Trainer

VERSION = 1


def checkpoint_bytes(trainer: Trainer, *, optimizer: bool = True) -> bytes:
    """Weights, optimiser, history and step of a run; without ``optimizer`` it is a third of the size."""
    trainer.flush()
    tensors = {f"model.{k}": v for k, v in trainer.model.state_dict().items()}
    states = trainer.optimizer.state_dict()["state"] if optimizer else {}
    for i, state in states.items():
        tensors |= {f"optimizer.{i}.{k}": v for k, v in state.items() if torch.is_tensor(v)}
    history = trainer.history
    for name, rows in (("batch", history.batch), ("train", history.train), ("test", history.test)):
        tensors[f"history.{name}"] = torch.from_numpy(rows.prefix().copy())
    facts = {
        "version": VERSION,
        "experiment": dumps(trainer.experiment),
        "step": trainer.step,
        "weights_step": trainer.weights_step,
        "seconds": trainer.seconds,
        "diverged": trainer.diverged,
        "end_reason": trainer.end_reason,
        "terms": list(history.terms),
        "marks": [[m.step, m.path, m.value] for m in history.marks],
    }
    return pack_tensors(tensors, json.dumps(facts))


def restore(trainer: Trainer, data: bytes, source: str) -> None:
    """Puts a new trainer of the same experiment where the checkpoint was. Raises InvalidInput."""
    facts, tensors = read_checkpoint(data, source)
    if foreign := foreign_paths(loads(facts["experiment"], source), trainer.experiment):
        raise InvalidInput(f"{source}: is of another experiment, which differs in {', '.join(foreign)}")
    try:
        trainer.step, trainer.seconds = check_count(facts, "step"), check_seconds(facts["seconds"])
        weights_step = check_count({"weights_step": trainer.step} | facts, "weights_step", trainer.step)
        _restore_end(trainer, facts)
        _restore_model(trainer, tensors)
        _restore_history(trainer, facts, tensors)
    except KeyError as error:
        raise InvalidInput(f"{source}: is not a checkpoint, or is damaged: it has no {error}") from None
    except (RuntimeError, ValueError, TypeError) as error:
        raise InvalidInput(f"{source}: does not fit the experiment beside it: {error}") from None
    trainer.resumed(weights_step)


def checkpoint_of_other(data: bytes, change: Callable[[Experiment], Experiment], source: str) -> bytes:
    """The checkpoint of a run whose experiment is another one now, as its data have moved.

    Raises InvalidInput if it is damaged.
    """
    facts, tensors = read_checkpoint(data, source)
    facts["experiment"] = dumps(change(loads(facts["experiment"], source)))
    return pack_tensors(tensors, json.dumps(facts))


def _restore_end(trainer: Trainer, facts: dict[str, Any]) -> None:
    """Checkpoints of the first version say only that a run has ended early: it diverged."""
    trainer.diverged = bool(facts.get("diverged", facts.get("ended_early", False)))
    reason = "the loss is no longer finite" if trainer.diverged else ""
    trainer.end_reason = check_words(facts.get("end_reason", reason), "end_reason")


def _restore_history(trainer: Trainer, facts: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    history = trainer.history
    history.terms = check_terms(facts["terms"], trainer.experiment.training.loss)
    width = len(history.terms)
    tables = {name: tensors[f"history.{name}"] for name in ("batch", "train", "test")}
    check_history(tables, width, trainer.step, trainer.steps_per_epoch, ended=trainer.diverged)
    history.batch, history.train, history.test = (Rows(width, np.asarray(t)) for t in tables.values())
    history.marks = tuple(Mark(*mark) for mark in check_marks(facts["marks"]))
    for name in term_names(trainer.experiment):  # which a live setting may have switched on since
        if name not in history.terms:
            history.add_term(name)


def read_checkpoint(data: bytes, source: str) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """The facts and the tensors of a checkpoint. Raises InvalidInput if it is damaged."""
    tensors, text = unpack_tensors(data, source)
    try:
        facts = json.loads(text)
        loads(facts["experiment"], source)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"{source}: is not a checkpoint, or is damaged: {error}") from None
    if facts.get("version") != VERSION:
        found = shown(facts.get("version"))
        raise InvalidInput(f"{source}: checkpoint version must be {VERSION}, is {found}")
    return facts, tensors


def _restore_model(trainer: Trainer, tensors: dict[str, torch.Tensor]) -> None:
    def part(prefix: str) -> dict[str, torch.Tensor]:
        return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}

    model, optimizer = part("model."), part("optimizer.")
    check_fit(model, trainer.model.state_dict())
    trainer.model.load_state_dict(model)
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in optimizer.items():
        number, _, name = key.partition(".")
        state.setdefault(int(number), {})[name] = value
    check_moments(state, trainer.experiment.training.optimizer, list(trainer.model.parameters()))
    groups = trainer.optimizer.state_dict()["param_groups"]
    trainer.optimizer.load_state_dict({"state": state, "param_groups": groups})
