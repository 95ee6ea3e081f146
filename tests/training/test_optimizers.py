"""Optimisers, schedules, clipping and early ends: against a bare loop, and by their rules."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from aegui.nets.autoencoder import Autoencoder
from aegui.spec import (
    SGD,
    AdamW,
    BatchNorm,
    Conv,
    Cosine,
    Dropout,
    OneCycle,
    Optimizer,
    Pool,
    RMSprop,
    Step,
    Training,
    replace_all,
)
from aegui.training.checkpoint import checkpoint_bytes, restore
from aegui.training.observer import Observer
from aegui.training.optimizers import reason_to_stop
from aegui.training.snapshot import Wishes
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]

BARE = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.8, nesterov=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.3),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9),
}
OURS: dict[str, Optimizer] = {
    "sgd": SGD(momentum=0.8, nesterov=True),
    "adamw": AdamW(decay=0.3),
    "rmsprop": RMSprop(smoothing=0.9),
}


@pytest.mark.parametrize("kind", BARE)
def test_that_an_optimiser_takes_the_steps_of_a_bare_loop(kind: str, trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"training.optimizer": OURS[kind], "training.rate": 0.01})
    model = Autoencoder(trainer.plan)
    model.load_state_dict(trainer.model.state_dict())
    bare, order = BARE[kind](model.parameters()), trainer.order.of_epoch(0)
    for _ in range(4):
        batch = trainer.experiment.training.batch
        x = trainer.train.take(order[trainer.step * batch : (trainer.step + 1) * batch])
        bare.zero_grad()
        (model.decode(model.encode(x)) - x).square().mean().backward()
        bare.step()
        next(trainer)
    for ours, theirs in zip(trainer.model.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("schedule", [Step(every=1, factor=0.5), Cosine(final=0.1), OneCycle()])
def test_that_the_rate_follows_its_schedule_from_any_step(schedule: object, trainer_of: TrainerOf) -> None:
    from aegui.spec.rates import factor

    trainer = trainer_of({"training.schedule": schedule, "training.epochs": 3})
    rates = []
    for _ in trainer:
        rates.append(trainer.optimizer.param_groups[0]["lr"])
    per_epoch = trainer.steps_per_epoch
    expected = [1e-3 * factor(schedule, i, per_epoch, 3) for i in range(3 * per_epoch)]  # type: ignore[arg-type]
    np.testing.assert_allclose(rates, expected)


def test_that_a_gradient_is_clipped_to_its_length(trainer_of: TrainerOf) -> None:
    changes = {"training.optimizer": SGD(momentum=0), "training.rate": 1.0, "training.clip_norm": 1e-3}
    trainer = trainer_of(changes)
    before = [p.detach().clone() for p in trainer.model.parameters()]
    next(trainer)
    moved = [p - b for p, b in zip(trainer.model.parameters(), before, strict=True)]
    length = torch.cat([m.flatten() for m in moved]).norm().item()
    assert length == pytest.approx(1e-3, rel=1e-3)


LOSSES = np.array([9, 5, 4, 4.5, 4.2, 4.1], np.float32)


@pytest.mark.parametrize(
    ("training", "evaluations", "reason"),
    [
        (Training(), 6, ""),
        (Training(patience=3), 6, "has not fallen for 3 epochs"),
        (Training(patience=3), 5, ""),
        (Training(patience=1), 4, "has not fallen for 1 epoch"),
        (Training(patience=1), 3, ""),
        (Training(target_loss=4.1), 6, "has reached its target of 4.1"),
        (Training(target_loss=4.0), 6, ""),
        (Training(target_loss=1e39), 6, "has reached its target of 1e+39"),  # beyond single precision
        (Training(target_loss=100, patience=1), 1, ""),  # nothing has been trained yet
    ],
)
def test_when_a_run_is_over_before_its_last_epoch(training: Training, evaluations: int, reason: str) -> None:
    found = reason_to_stop(training, LOSSES[:evaluations])
    assert found.endswith(reason) and bool(found) == bool(reason)


def test_that_a_run_ends_at_its_target_and_goes_on_when_it_is_lowered(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"training.target_loss": 10.0, "training.epochs": 5})
    assert sum(1 for _ in trainer) == trainer.steps_per_epoch
    snapshot = Observer(trainer).snapshot(Wishes())
    assert trainer.finished and snapshot.finished and "target of 10" in snapshot.end_reason
    assert not trainer.apply(replace_all(trainer.experiment, {"training.target_loss": 0.0}))
    assert not trainer.finished and sum(1 for _ in trainer) == 4 * trainer.steps_per_epoch


def test_that_a_run_that_does_all_its_epochs_has_not_ended_early(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"training.target_loss": 10.0, "training.epochs": 1})
    for _ in trainer:
        pass
    assert trainer.finished and trainer.end_reason == ""


DEEP = {  # everything that is random or has a memory, in one experiment
    "architecture.encoder": [
        Conv(channels=4, stride=2),
        BatchNorm(activation="relu"),
        Pool(),
        Dropout(p=0.2),
    ],
    "noise": {"kind": "poisson", "peak": 5.0},
    "code.variational": True,
    "training.optimizer": RMSprop(),
    "training.schedule": OneCycle(),
    "training.clip_norm": 1.0,
    "training.epochs": 2,
}


def test_that_a_run_is_bitwise_the_same_however_it_is_looked_at_or_resumed(trainer_of: TrainerOf) -> None:
    plain, watched = (trainer_of(DEEP) for _ in range(2))
    for _ in plain:
        pass
    observer, half = Observer(watched), watched.steps_per_epoch // 2 + watched.steps_per_epoch
    while watched.step < half:
        next(watched)
        torch.manual_seed(watched.step)  # what others draw from torch's own stream changes nothing
        observer.snapshot(Wishes(pictures=(0, 1, 2)), fresh=watched.step % 3 == 0)
        observer.decode(np.zeros((2, 3), np.float32))
    resumed = trainer_of(DEEP)
    restore(resumed, checkpoint_bytes(watched), "checkpoint")
    for _ in resumed:
        pass
    np.testing.assert_array_equal(plain.history.batch.prefix(), resumed.history.batch.prefix())
    np.testing.assert_array_equal(plain.history.test.prefix(), resumed.history.test.prefix())
    for name, value in plain.model.state_dict().items():
        assert torch.equal(value, resumed.model.state_dict()[name]), name


def test_that_the_first_versions_checkpoints_are_still_read(trainer_of: TrainerOf) -> None:
    import json

    from aegui.training.tensor_file import pack_tensors, unpack_tensors

    trainer = trainer_of()
    next(trainer)
    tensors, text = unpack_tensors(checkpoint_bytes(trainer), "checkpoint")
    facts = json.loads(text)
    del facts["diverged"], facts["end_reason"]
    again = trainer_of()
    restore(again, pack_tensors(tensors, json.dumps(facts | {"ended_early": True})), "checkpoint")
    assert again.step == 1 and again.diverged and again.finished


@pytest.mark.parametrize(
    "optimizer",
    [
        {"kind": "adam"},
        {"kind": "adamw", "decay": 0.1},
        {"kind": "sgd"},
        {"kind": "sgd", "momentum": 0.0},
        {"kind": "sgd", "momentum": 0.7, "nesterov": True},
        {"kind": "rmsprop"},
    ],
    ids=str,
)
def test_that_updates_are_those_of_the_optimiser(trainer_of: TrainerOf, optimizer: dict[str, Any]) -> None:
    ours, torchs = (trainer_of({"training.optimizer": optimizer}) for _ in range(2))
    for number in range(6):
        for trainer in (ours, torchs):
            draw = torch.Generator().manual_seed(number)
            for parameter in trainer.model.parameters():
                parameter.grad = torch.randn(parameter.shape, generator=draw)
        ours._updates(0.01 / (number + 1))
        for group in torchs.optimizer.param_groups:
            group["lr"] = 0.01 / (number + 1)
        torchs.optimizer.step()
        if number == 3:  # as a checkpoint does: other tensors take the place of the state
            ours.optimizer.load_state_dict(copy.deepcopy(torchs.optimizer.state_dict()))
        pairs = zip(ours.model.parameters(), torchs.model.parameters(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)
    assert str(ours.optimizer.state_dict()) == str(torchs.optimizer.state_dict())


def test_that_moments_of_what_gets_no_gradient_come_to_nothing(trainer_of: TrainerOf) -> None:
    """Left to themselves they would stay at the smallest number above 0, which is slow to compute with."""
    trainer = trainer_of({"training.epochs": 500, "architecture.encoder": [], "code.activation": "relu"})
    next(trainer)
    with torch.no_grad():
        trainer.model.code.bias.fill_(-1e3)  # all units are dead from now on
    for _ in range(1100):
        next(trainer)
    moments = trainer.optimizer.state[trainer.model.code.weight]["exp_avg"]
    assert float(moments.abs().max()) == 0
    assert torch.tensor(1e-39) * 1 != 0  # nothing else is concerned


@pytest.mark.parametrize("kind", ["adam", "rmsprop"])
def test_that_torchs_compiler_is_not_imported_for_a_run(kind: str) -> None:
    code = """
import sys
from aegui.data.load import load_dataset
from aegui.spec import Experiment, replace_all
from aegui.training.checkpoint import checkpoint_bytes, restore
from aegui.training.trainer import Trainer
experiment = replace_all(Experiment(), {"data.source": "digits", "training.optimizer.kind": sys.argv[1]})
trainer = Trainer(experiment, load_dataset(experiment.data, 0))
next(trainer)
restore(trainer, checkpoint_bytes(trainer), "it")
next(trainer)
print("torch._dynamo" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", code, kind], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]
