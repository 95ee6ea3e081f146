"""A run's state in one safetensors file: going on from it is bitwise as if nothing had happened.

The random streams need no place in it: they depend on the seed and the step alone.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import torch

from aegui.errors import InvalidInput
from aegui.spec import dumps, loads, older_paths
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
    if older := older_paths(loads(facts["experiment"], source), trainer.experiment):
        raise InvalidInput(f"{source}: is of another experiment, which differs in {', '.join(older)}")
    try:
        _restore_model(trainer, tensors)
        history = trainer.history
        history.terms = tuple(facts["terms"])
        width = len(history.terms)
        history.batch, history.train, history.test = (
            Rows(width, np.asarray(tensors[f"history.{n}"]).reshape(-1, width))
            for n in ("batch", "train", "test")
        )
        history.marks = tuple(Mark(*mark) for mark in facts["marks"])
        trainer.step, trainer.seconds = int(facts["step"]), float(facts["seconds"])
        _restore_end(trainer, facts)
    except (KeyError, RuntimeError, ValueError, TypeError) as error:
        raise InvalidInput(f"{source}: does not fit the experiment beside it: {error}") from None
    trainer.resumed()


def _restore_end(trainer: Trainer, facts: dict[str, Any]) -> None:
    """Checkpoints of the first version say only that a run has ended early: it diverged."""
    trainer.diverged = bool(facts.get("diverged", facts.get("ended_early", False)))
    reason = "the loss is no longer finite" if trainer.diverged else ""
    trainer.end_reason = str(facts.get("end_reason", reason))


def read_checkpoint(data: bytes, source: str) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """The facts and the tensors of a checkpoint. Raises InvalidInput if it is damaged."""
    tensors, text = unpack_tensors(data, source)
    try:
        facts = json.loads(text)
        loads(facts["experiment"], source)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(f"{source}: is not a checkpoint, or is damaged: {error}") from None
    if facts.get("version") != VERSION:
        raise InvalidInput(f"{source}: checkpoint version must be {VERSION}, is {facts.get('version')}")
    return facts, tensors


def _restore_model(trainer: Trainer, tensors: dict[str, torch.Tensor]) -> None:
    def part(prefix: str) -> dict[str, torch.Tensor]:
        return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}

    trainer.model.load_state_dict(part("model."))
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in part("optimizer.").items():
        number, _, name = key.partition(".")
        state.setdefault(int(number), {})[name] = value
    groups = trainer.optimizer.state_dict()["param_groups"]
    trainer.optimizer.load_state_dict({"state": state, "param_groups": groups})
