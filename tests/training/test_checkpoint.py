"""Checkpoints: going on from one is bitwise as if nothing had happened, and a damaged one is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aegui.errors import InvalidInput
from aegui.spec import replace
from aegui.training.checkpoint import checkpoint_bytes, read_checkpoint, restore
from aegui.training.history import history_csv
from aegui.training.tensor_file import pack_tensors, unpack_tensors
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
VARIANTS: list[dict[str, Any]] = [
    {},
    {"training.optimizer": {"kind": "sgd", "momentum": 0.9}, "training.rate": 0.2},
    {"training.optimizer": {"kind": "sgd", "momentum": 0.0}, "training.rate": 0.2},
    {"noise": {"kind": "gaussian", "sigma": 0.5}, "penalty.weights_l1": 1e-4},
    {"noise": {"kind": "masking", "p": 0.5}, "code.variational": True},
    {"noise": {"kind": "salt-pepper", "p": 0.5}, "training.loss": "bce", "penalty.jacobian": 1e-3},
]


def trained(trainer: Trainer, steps: int = 1000) -> Trainer:
    while trainer.step < steps and not trainer.finished:
        next(trainer)
    return trainer


def resumed(trainer_of: TrainerOf, changes: dict[str, Any], data: bytes) -> Trainer:
    trainer = trainer_of(changes)
    restore(trainer, data, "run")
    return trainer


@pytest.mark.parametrize("changes", VARIANTS)
@pytest.mark.parametrize("step", [0, 2, 3, 4, 7, 12])  # 4 steps are an epoch, 12 the run
def test_that_going_on_is_bitwise_the_uninterrupted_run(
    trainer_of: TrainerOf, changes: dict[str, Any], step: int
) -> None:
    data = checkpoint_bytes(trained(trainer_of(changes), step))
    torch.rand(7)
    went_on, whole = trained(resumed(trainer_of, changes, data)), trained(trainer_of(changes))
    assert history_csv(went_on.history.curves()) == history_csv(whole.history.curves())
    np.testing.assert_array_equal(went_on.history.batch.prefix(), whole.history.batch.prefix())
    for mine, theirs in zip(went_on.model.parameters(), whole.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    assert torch.equal(went_on.evaluation.errors, whole.evaluation.errors)


def test_that_live_changes_survive_with_their_marks(trainer_of: TrainerOf) -> None:
    changes = {"noise.kind": "gaussian"}
    before = trained(trainer_of(changes), 5)
    before.apply(replace(replace(before.experiment, "penalty.weights_l2", 0.01), "noise.clip", False))
    after = trained(trainer_of(changes), 0)
    after.apply(before.experiment)
    restore(after, checkpoint_bytes(before), "run")
    assert after.history.terms == ("mse", "weights_l2")
    marks = [[(m.step, m.path, m.value) for m in t.history.marks] for t in (before, after)]
    assert marks[0] == marks[1] and len(marks[0]) == 2
    np.testing.assert_array_equal(
        trained(before).history.batch.prefix(), trained(after).history.batch.prefix()
    )


def test_that_a_resumed_run_stands_where_it_was(trainer_of: TrainerOf) -> None:
    before = trained(trainer_of(), 6)
    after = resumed(trainer_of, {}, checkpoint_bytes(before))
    assert (after.step, after.epoch, after.seconds) == (6, 1, before.seconds)
    assert after.evaluation_is_current
    before.reevaluate()
    assert torch.equal(after.evaluation.codes, before.evaluation.codes)


def test_that_a_checkpoint_without_the_optimiser_still_holds_network_and_history(
    trainer_of: TrainerOf,
) -> None:
    before = trained(trainer_of(), 6)
    light, heavy = checkpoint_bytes(before, optimizer=False), checkpoint_bytes(before)
    assert len(light) < len(heavy)
    after = resumed(trainer_of, {}, light)
    assert torch.equal(after.model.code.weight, before.model.code.weight)
    assert trained(after).finished


def test_that_a_checkpoint_does_not_change_with_the_training_that_follows(trainer_of: TrainerOf) -> None:
    trainer = trained(trainer_of(), 5)
    data, weight = checkpoint_bytes(trainer), trainer.model.code.weight.detach().clone()
    trained(trainer)
    _, tensors = read_checkpoint(data, "run")
    assert torch.equal(tensors["model.code.weight"], weight)


@pytest.mark.parametrize(
    "changes", [{"code.size": 4}, {"training.optimizer.kind": "sgd"}, {"seed": 5}, {"noise.kind": "masking"}]
)
def test_that_a_checkpoint_of_another_experiment_is_refused(
    trainer_of: TrainerOf, changes: dict[str, Any]
) -> None:
    data = checkpoint_bytes(trained(trainer_of(), 2))
    with pytest.raises(InvalidInput, match=f"^run: is of another experiment.*{next(iter(changes))}"):
        restore(trainer_of(changes), data, "run")


@pytest.mark.parametrize(
    "data", [b"", b"8 bytes.", b"not a file of tensors at all", b"\xff" * 64, b"\0" * 64]
)
def test_that_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^run: "):
        read_checkpoint(data, "run")


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"experiment": 1}', '{"experiment": "x ="}'])
def test_that_tensors_without_the_facts_of_a_run_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_checkpoint(pack_tensors({"model.x": torch.ones(2)}, text), "run")
    assert caught.value.lines[0].startswith("run: ")


def test_that_a_newer_version_is_refused_by_its_number(trainer_of: TrainerOf) -> None:
    tensors, text = unpack_tensors(checkpoint_bytes(trainer_of()), "run")
    newer = pack_tensors(tensors, text.replace('"version": 1', '"version": 7'))
    with pytest.raises(InvalidInput, match="version must be 1, is 7"):
        read_checkpoint(newer, "run")


@pytest.mark.parametrize("name", ["model.code.weight", "history.batch", "history.train"])
@pytest.mark.parametrize("shape", [None, (1,), (3, 7, 2)])
def test_that_tensors_that_are_missing_or_of_another_shape_are_refused(
    trainer_of: TrainerOf, name: str, shape: tuple[int, ...] | None
) -> None:
    experiment = {"penalty.weights_l2": 1e-3, "penalty.weights_l1": 1e-3, "penalty.code.kind": "l1"}
    experiment |= {"penalty.jacobian": 1e-3}  # five terms, which one or 42 numbers do not fill
    tensors, text = unpack_tensors(checkpoint_bytes(trained(trainer_of(experiment), 6)), "run")
    del tensors[name]
    if shape is not None:
        tensors[name] = torch.zeros(shape)
    with pytest.raises(InvalidInput, match=r"^run: "):
        restore(trainer_of(experiment), pack_tensors(tensors, text), "run")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans(), early=st.booleans())
def test_that_a_cut_or_a_flipped_bit_is_refused_and_raises_nothing_else(
    trainer_of: TrainerOf, share: float, bit: int, cut: bool, early: bool
) -> None:
    whole = _kept.get("data") or checkpoint_bytes(trained(trainer_of(), 5))
    _kept["data"], data = whole, bytearray(whole)
    end = 8 + int.from_bytes(data[:8], "little") if early else len(data)  # the header, or anywhere
    place = int(share * end)
    if cut:
        del data[place:]
    else:
        data[place] ^= 1 << bit
    try:
        read_checkpoint(bytes(data), "run")
    except InvalidInput as error:
        assert str(error).startswith("run: ") and len(error.lines) == 1
    else:  # in the name of the checksum's own entry, a bit changes nothing that counts
        assert not cut and early
        restore(trainer_of(), bytes(data), "run")


_kept: dict[str, bytes] = {}
