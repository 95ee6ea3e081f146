"""Settings that change during a run: they act from the next step on, and the history keeps a mark."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from aegui.errors import InvalidExperiment
from aegui.spec import Experiment, get, replace, replace_all
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
STILL = {"training.rate": 1e-30, "training.optimizer.kind": "sgd"}


def steps(trainer: Trainer, count: int) -> None:
    for _ in range(count):
        next(trainer)


def change(trainer: Trainer, path: str, value: object) -> tuple[str, ...]:
    return trainer.apply(replace(trainer.experiment, path, value))


def moved(trainer: Trainer) -> torch.Tensor:
    before = trainer.model.code.weight.detach().clone()
    next(trainer)
    return trainer.model.code.weight.detach() - before


def test_that_a_new_rate_scales_the_very_next_step(trainer_of: TrainerOf) -> None:
    sgd = {"training.optimizer": {"kind": "sgd", "momentum": 0.0}, "training.rate": 0.5}
    slow, fast = trainer_of(sgd), trainer_of(sgd)
    steps(slow, 5)
    steps(fast, 5)
    assert change(fast, "training.rate", 2.0) == ()
    torch.testing.assert_close(4 * moved(slow), moved(fast), atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize(
    ("path", "value"), [("training.rate", 0.01), ("noise.sigma", 0.6), ("penalty.code.weight", 0.5)]
)
def test_that_a_change_leaves_a_mark_with_its_step(trainer_of: TrainerOf, path: str, value: float) -> None:
    trainer = trainer_of({"noise.kind": "gaussian", "penalty.code.kind": "l1"})
    steps(trainer, 5)
    change(trainer, path, value)
    (mark,) = trainer.history.curves().marks
    assert (mark.step, mark.path, mark.value) == (5, path, value)
    assert get(trainer.experiment, path) == value


def test_that_there_is_nothing_to_mark_before_the_first_step_or_in_a_title(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    change(trainer, "training.rate", 0.01)
    steps(trainer, 1)
    change(trainer, "title", "Another")
    change(trainer, "training.epochs", 9)
    assert trainer.history.marks == () and trainer.experiment.title == "Another"


def test_that_the_kept_test_noise_changes_in_strength_alone(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"noise": {"kind": "gaussian", "sigma": 0.2, "clip": False}})
    clean = trainer.test.take(slice(None))
    assert trainer.noisy_test is not None
    weak = trainer.noisy_test[:] - clean
    steps(trainer, 1)
    change(trainer, "noise.sigma", 0.6)
    torch.testing.assert_close(3 * weak, trainer.noisy_test[:] - clean, atol=1e-5, rtol=1e-4)


def test_that_the_next_evaluation_and_the_next_batch_have_the_new_noise(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(STILL | {"noise": {"kind": "gaussian", "sigma": 0}, "training.batch": 100})
    steps(trainer, 1)
    change(trainer, "noise.sigma", 2.0)
    assert not trainer.evaluation_is_current
    steps(trainer, 1)
    curves = trainer.history.curves()
    assert curves.batch[1, 0] != pytest.approx(curves.batch[0, 0], rel=1e-5)
    assert curves.test[1, 0] == curves.test[0, 0] != curves.test[2, 0]


def test_that_a_penalty_switched_on_gets_a_column_that_was_zero_before(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(STILL)
    steps(trainer, 6)
    assert trainer.history.terms == ("mse",)
    change(trainer, "penalty.weights_l2", 0.01)
    change(trainer, "penalty.jacobian", 0.02)
    steps(trainer, 6)
    curves = trainer.history.curves()
    assert curves.terms == ("mse", "weights_l2", "jacobian")
    assert not curves.batch[:6, 1:].any() and (curves.batch[6:, 1:] > 0).all()
    by_hand = 0.01 * sum(float(w.detach().square().sum()) for w in trainer.model.matrices())
    assert curves.batch[6, 1] == pytest.approx(by_hand, rel=1e-5)
    assert not curves.test[:2, 1:].any() and curves.test[2, 1] == pytest.approx(by_hand, rel=1e-5)
    mean = (32 * curves.batch[4:7].sum(axis=0) + 4 * curves.batch[7]) / 100
    np.testing.assert_allclose(curves.train[1], mean, rtol=1e-5)


def test_that_a_penalty_switched_off_keeps_its_column_at_zero(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"penalty.weights_l1": 0.01})
    steps(trainer, 4)
    change(trainer, "penalty.weights_l1", 0.0)
    steps(trainer, 4)
    curves = trainer.history.curves()
    assert curves.terms == ("mse", "weights_l1")
    assert (curves.batch[:4, 1] > 0).all() and not curves.batch[4:, 1].any() and curves.test[2, 1] == 0


def test_that_a_penalty_acts_on_the_weights_at_once(trainer_of: TrainerOf) -> None:
    sgd = {"training.optimizer": {"kind": "sgd", "momentum": 0.0}, "training.rate": 1e-3}
    trainer = trainer_of(sgd)
    steps(trainer, 2)
    change(trainer, "penalty.weights_l2", 100.0)
    before = trainer.model.code.weight.detach().clone()
    torch.testing.assert_close(moved(trainer), -1e-3 * 200 * before, atol=1e-3, rtol=0.05)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("code.size", 2),
        ("architecture.encoder", []),
        ("training.batch", 16),
        ("training.loss", "bce"),
        ("training.optimizer.kind", "sgd"),
        ("noise.kind", "masking"),
        ("penalty.code", {"kind": "l1", "weight": 1e-3}),
        ("seed", 1),
        ("data.test", 20),
    ],
)
def test_that_a_change_of_structure_is_refused_and_changes_nothing(
    trainer_of: TrainerOf, path: str, value: object
) -> None:
    trainer = trainer_of({"noise.kind": "gaussian"})
    steps(trainer, 2)
    before = trainer.experiment
    wanted = replace(replace(before, "training.rate", 0.5), path, value)
    older = trainer.apply(wanted)
    assert older and all(p.startswith(path.partition(".")[0]) for p in older)
    assert trainer.experiment is before and trainer.history.marks == ()
    assert trainer.optimizer.param_groups[0]["lr"] == before.training.rate


def test_that_more_epochs_let_a_finished_run_go_on(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"training.epochs": 1})
    assert [*trainer] == [1, 2, 3, 4] and trainer.finished
    change(trainer, "training.epochs", 2)
    assert [*trainer] == [5, 6, 7, 8]


def test_that_a_run_made_longer_is_the_run_that_was_as_long(
    trainer_of: TrainerOf, tiny: Callable[..., Experiment]
) -> None:
    longer, long = trainer_of({"training.epochs": 1}), trainer_of({"training.epochs": 2})
    steps(longer, 4)
    change(longer, "training.epochs", 2)
    for _ in (*longer, *long):
        pass
    assert longer.experiment == tiny({"training.epochs": 2})
    np.testing.assert_array_equal(longer.history.batch.prefix(), long.history.batch.prefix())


def test_that_a_change_that_could_not_be_trained_is_refused_and_leaves_the_run_as_it_is(
    trainer_of: TrainerOf,
) -> None:
    trainer = trainer_of({"architecture.encoder": [{"kind": "dense", "units": 8}, {"kind": "batch-norm"}]})
    next(trainer)
    before = trainer.experiment
    with pytest.raises(InvalidExperiment, match="batch-norm"):
        trainer.apply(replace(before, "penalty.jacobian", 0.1))
    assert trainer.experiment is before


def test_that_a_change_before_the_first_step_is_as_if_it_had_always_been(trainer_of: TrainerOf) -> None:
    changes = {"penalty.weights_l1": 1e-3, "penalty.jacobian": 1e-2}
    changed, fresh = trainer_of(), trainer_of(changes)
    changed.apply(replace_all(changed.experiment, changes))
    assert changed.history.terms == fresh.history.terms and changed.history.marks == ()
    np.testing.assert_array_equal(changed.history.test.prefix(), fresh.history.test.prefix())


def test_that_more_epochs_leave_a_mark_where_the_rate_follows_them(trainer_of: TrainerOf) -> None:
    for schedule, marked in (("cosine", True), ("constant", False)):
        trainer = trainer_of({"training.schedule": {"kind": schedule}})
        next(trainer)
        trainer.apply(replace(trainer.experiment, "training.epochs", 9))
        assert [m.path for m in trainer.history.marks] == ["training.epochs"] * marked


def test_that_a_target_that_is_set_within_an_epoch_waits_for_its_end(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    for _ in range(trainer.steps_per_epoch + 1):
        next(trainer)
    trainer.apply(replace(trainer.experiment, "training.target_loss", 100.0))
    assert not trainer.finished
    assert sum(1 for _ in trainer) == trainer.steps_per_epoch - 1 and trainer.epoch == 2
