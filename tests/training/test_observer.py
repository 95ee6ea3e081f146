"""Snapshots against what the network itself computes, and their freshness and cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

import numpy as np
import pytest
import torch

from aegui.analysis.anomaly import ErrorsOf
from aegui.analysis.denoising import Denoise, Denoising, NoiseCurve, curve_noises
from aegui.analysis.features import CleanCodes
from aegui.analysis.looking import see_in_parts
from aegui.analysis.looks import TrainPart
from aegui.analysis.metrics import subject_of
from aegui.analysis.pca import baselines, fit_pca
from aegui.piecewise import is_over
from aegui.spec import Gaussian, replace
from aegui.training import evaluation
from aegui.training import observer as observer_module
from aegui.training.bench import Bench
from aegui.training.observer import BUDGET, Observer
from aegui.training.snapshot import Look, Snapshot, Wishes
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
NOISY = {"noise": {"kind": "gaussian", "sigma": 0.5}}


def steps(trainer: Trainer, count: int) -> Trainer:
    for _ in range(count):
        next(trainer)
    return trainer


def codes_now(trainer: Trainer) -> np.ndarray:
    seen = trainer.test.take(slice(None)) if trainer.noisy_test is None else trainer.noisy_test[:]
    with torch.no_grad():
        return trainer.model.encode(seen).numpy()


def reconstructions_now(trainer: Trainer) -> np.ndarray:
    with torch.no_grad():
        return trainer.model.decode(torch.from_numpy(codes_now(trainer))).numpy()


def errors_now(trainer: Trainer) -> np.ndarray:
    clean = trainer.dataset.scaled(trainer.dataset.test)
    return np.square(reconstructions_now(trainer) - clean).mean(axis=1)


@pytest.mark.parametrize("changes", [{}, NOISY, {"code.variational": True}])
def test_that_fixed_pictures_are_what_the_network_makes_of_those_samples(
    trainer_of: TrainerOf, changes: dict[str, object]
) -> None:
    trainer = steps(trainer_of(changes), 6)
    pictures = Observer(trainer).snapshot(Wishes(pictures=(4, 0, 29))).pictures
    assert pictures is not None and pictures.indices.tolist() == [4, 0, 29]
    rows = pictures.indices
    clean = trainer.dataset.scaled(trainer.dataset.test)[rows]
    np.testing.assert_allclose(pictures.original, clean, rtol=1e-6)
    np.testing.assert_allclose(pictures.reconstruction, reconstructions_now(trainer)[rows], atol=1e-6)
    np.testing.assert_allclose(pictures.error, errors_now(trainer)[rows], rtol=1e-4)
    if trainer.noisy_test is None:
        assert pictures.noisy is None and pictures.noisy_error is None
    else:
        noisy = trainer.noisy_test[:].numpy()[rows]
        np.testing.assert_array_equal(pictures.noisy, noisy)
        np.testing.assert_allclose(pictures.noisy_error, np.square(noisy - clean).mean(axis=1), rtol=1e-5)


@pytest.mark.parametrize(("choice", "order"), [("worst", -1), ("best", 1)])
def test_that_worst_and_best_are_those_of_the_last_evaluation(
    trainer_of: TrainerOf, choice: str, order: int
) -> None:
    trainer = steps(trainer_of(NOISY), 8)
    at_epoch_end = errors_now(trainer)
    steps(trainer, 2)
    pictures = Observer(trainer).snapshot(Wishes(choice=choice, count=5)).pictures
    assert pictures is not None
    assert pictures.indices.tolist() == np.argsort(order * at_epoch_end)[:5].tolist()
    np.testing.assert_allclose(pictures.error, errors_now(trainer)[pictures.indices], rtol=1e-4)


def test_that_pictures_that_do_not_exist_are_left_out(trainer_of: TrainerOf) -> None:
    observer = Observer(trainer_of())
    assert observer.snapshot(Wishes()).pictures is None
    pictures = observer.snapshot(Wishes(pictures=(-1, 3, 30))).pictures
    assert pictures is not None and pictures.indices.tolist() == [3]
    many = observer.snapshot(Wishes(choice="worst", count=99)).pictures
    assert many is not None and len(many.indices) == 30


def fresh(observer: Observer) -> Snapshot:
    return observer.snapshot(Wishes(), fresh=True)


def test_that_codes_and_errors_are_fresh_when_asked(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(NOISY)
    observer = Observer(trainer)
    for count in (0, 3, 1, 2):  # before, within, at the end of and within an epoch
        steps(trainer, count)
        snapshot = fresh(observer)
        assert snapshot.codes is not None and snapshot.errors is not None
        np.testing.assert_allclose(snapshot.codes.values, codes_now(trainer), atol=1e-6)
        np.testing.assert_allclose(snapshot.errors, errors_now(trainer), rtol=1e-4)
        assert snapshot.codes.step == trainer.step


def test_that_a_snapshot_says_of_which_step_its_errors_are_where_that_is_an_older_one(
    trainer_of: TrainerOf,
) -> None:
    trainer = steps(trainer_of(NOISY), 8)  # the end of an epoch
    at_epoch_end, observer = errors_now(trainer), Observer(trainer)
    assert observer.snapshot(Wishes()).errors_step is None
    steps(trainer, 2)
    snapshot = observer.snapshot(Wishes())
    assert (snapshot.errors_step, snapshot.shown_step) == (8, 10) and snapshot.errors is not None
    np.testing.assert_allclose(snapshot.errors, at_epoch_end, rtol=1e-4)
    assert fresh(observer).errors_step is None


def test_that_an_observer_that_comes_within_an_epoch_knows_that_the_evaluation_is_older(
    trainer_of: TrainerOf,
) -> None:
    """A run that is recorded between two evaluations must not get the codes of the first."""
    trainer = steps(trainer_of(), 6)
    snapshot = fresh(Observer(trainer))
    assert snapshot.codes is not None and snapshot.errors is not None
    np.testing.assert_allclose(snapshot.codes.values, codes_now(trainer), atol=1e-6)
    np.testing.assert_allclose(snapshot.errors, errors_now(trainer), rtol=1e-4)


def test_that_a_fresh_snapshot_right_after_a_hurried_one_is_fresh(trainer_of: TrainerOf) -> None:
    """The hurried one takes over an evaluation that is some steps old."""
    trainer = trainer_of()
    observer = Observer(trainer)
    steps(trainer, 6)
    observer.snapshot(Wishes(codes=False))
    snapshot = fresh(observer)
    assert snapshot.codes is not None
    np.testing.assert_allclose(snapshot.codes.values, codes_now(trainer), atol=1e-6)


def test_that_a_fresh_snapshot_knows_of_noise_that_changed_while_paused(trainer_of: TrainerOf) -> None:
    trainer = steps(trainer_of(NOISY), 4)
    observer = Observer(trainer)
    before = fresh(observer)
    trainer.apply(replace(trainer.experiment, "noise.sigma", 2.0))
    after = fresh(observer)
    assert before.codes is not None and after.codes is not None
    assert np.abs(before.codes.values - after.codes.values).max() > 1e-3
    np.testing.assert_allclose(after.codes.values, codes_now(trainer), atol=1e-6)
    assert after.baselines.noisy_mse != before.baselines.noisy_mse


def test_that_codes_are_all_of_the_step_that_they_name(trainer_of: TrainerOf) -> None:
    """They may be older than the rest of the snapshot, never a mixture."""
    trainer = trainer_of(NOISY)
    observer, known = Observer(trainer), [codes_now(trainer)]
    for step in trainer:
        known.append(codes_now(trainer))
        snapshot = observer.snapshot(Wishes())
        assert snapshot.codes is not None and snapshot.codes.step <= step
        np.testing.assert_allclose(snapshot.codes.values, known[snapshot.codes.step], atol=1e-6)


def test_that_codes_beyond_the_budget_wait_for_the_next_evaluation(
    trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observer_module, "_CREDIT", 0.0)
    monkeypatch.setattr(observer_module, "_CODES_SHARE", 1e-9)
    trainer = trainer_of()
    observer = Observer(trainer)
    shown = [observer.snapshot(Wishes()).codes]
    for _ in range(7):
        steps(trainer, 1)
        shown.append(observer.snapshot(Wishes()).codes)
    assert shown[1] is shown[2] is shown[3]  # the same object: a view need not draw it again
    assert shown[4] is shown[7] is not shown[3]
    assert shown[4] is not None and shown[4].step == 4


def test_that_codes_that_were_handed_out_never_change(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    observer = Observer(trainer)
    kept = []
    for _ in range(9):
        snapshot = observer.snapshot(Wishes())
        assert snapshot.codes is not None and snapshot.errors is not None
        arrays = (snapshot.codes.values, snapshot.errors)
        kept.append((arrays, [a.copy() for a in arrays]))
        steps(trainer, 1)
    for arrays, copies in kept:
        for array, copy in zip(arrays, copies, strict=True):
            np.testing.assert_array_equal(array, copy)


def test_that_decoding_is_the_networks_own(trainer_of: TrainerOf) -> None:
    trainer = steps(trainer_of(), 5)
    codes = np.random.default_rng(0).normal(size=(6, 3))
    with torch.no_grad():
        expected = trainer.model.decode(torch.from_numpy(codes.astype(np.float32))).numpy()
    np.testing.assert_array_equal(Observer(trainer).decode(codes), expected)


def test_that_a_snapshot_says_where_the_run_stands(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    observer = Observer(trainer)
    snapshot = observer.snapshot(Wishes())
    assert (snapshot.step, snapshot.epoch, snapshot.finished) == (0, 0, False)
    assert (snapshot.epochs, snapshot.steps_per_epoch, snapshot.total_steps) == (3, 4, 12)
    steps(trainer, 12)
    snapshot = observer.snapshot(Wishes())
    assert (snapshot.step, snapshot.epoch, snapshot.finished) == (12, 3, True)
    assert snapshot.experiment is trainer.experiment and len(snapshot.curves.batch) == 12


def test_that_the_speed_shown_is_samples_over_seconds_of_training(trainer_of: TrainerOf) -> None:
    """Also where the last batch of an epoch is smaller than the others."""
    trainer = trainer_of()
    observer = Observer(trainer)
    assert observer.snapshot(Wishes()).samples_per_second == 0
    steps(trainer, 12)
    assert observer.snapshot(Wishes()).samples_per_second == pytest.approx(300 / trainer.seconds)


def test_that_baselines_are_those_of_the_data(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(NOISY)
    observer = Observer(trainer)
    assert trainer.noisy_test is not None
    assert observer.snapshot(Wishes()).baselines.pca_mse is None
    pca, noisy = fit_pca(trainer.dataset), trainer.noisy_test.mse
    expected = baselines(trainer.dataset, 3, noisy, pca)
    observer.baselines = baselines(trainer.dataset, 3)
    observer.pca_curve = pca.error_curve(trainer.dataset.test)
    found = observer.snapshot(Wishes()).baselines
    assert found.mean_mse == expected.mean_mse and found.floor_bce == expected.floor_bce
    assert found.pca_mse == pytest.approx(expected.pca_mse, rel=1e-9)
    assert found.noisy_mse == pytest.approx(expected.noisy_mse, rel=1e-5)


def busy(trainer: Trainer, observer: Observer, seconds: float) -> tuple[float, int]:
    """Trains as the worker does; seconds that snapshots took, and how many there were."""
    started, spent, count = time.perf_counter(), 0.0, 0
    while (now := time.perf_counter()) - started < seconds:
        next(trainer)
        if observer.due:
            began = time.perf_counter()
            observer.snapshot(Wishes(pictures=(0, 1)))
            spent, count = spent + time.perf_counter() - began, count + 1
    return spent / (now - started), count


def test_that_the_budget_is_kept(trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observer_module, "_CREDIT", 0.0)
    monkeypatch.setattr(observer_module, "_FASTEST", 0.0)
    trainer = trainer_of({"training.epochs": 10**6})
    share, count = busy(trainer, Observer(trainer), 0.6)
    assert count > 0 and share < 2 * BUDGET  # the machine may be busy with something else


def test_that_snapshots_keep_a_distance_and_are_due_again_after_it(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"training.epochs": 10**6})
    observer = Observer(trainer)
    assert not observer.due
    _, count = busy(trainer, observer, 0.5)
    assert 2 <= count <= 0.5 / observer_module._FASTEST + 1


def test_that_the_evaluation_of_a_pause_does_not_keep_views_waiting(
    trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, reevaluate = [0.0], Trainer.reevaluate

    def slowly(trainer: Trainer) -> object:
        now[0] += 100.0
        return reevaluate(trainer)

    monkeypatch.setattr(observer_module.time, "perf_counter", lambda: now[0])
    trainer = steps(trainer_of(), 6)
    observer = Observer(trainer)
    monkeypatch.setattr(Trainer, "reevaluate", slowly)
    fresh(observer)
    assert now[0] == 100.0 and observer._snapshots.spent == 0


def test_that_a_hurried_snapshot_has_new_pictures_and_says_that_the_rest_is_older(
    trainer_of: TrainerOf,
) -> None:
    trainer = steps(trainer_of(NOISY), 4)
    observer, look = Observer(trainer, see_in_parts), TrainPart(20)
    wishes = Wishes(pictures=(3, 1), looks=(look,))
    before = observer.snapshot(wishes, fresh=True)
    assert not observer.snapshot(wishes, hurried=True).hurried  # there is nothing to renew
    steps(trainer, 1)
    trainer.apply(replace(trainer.experiment, "noise.sigma", 2.0))
    hurried = observer.snapshot(wishes, hurried=True)
    assert hurried.hurried and hurried.codes is before.codes and hurried.looks[look] is before.looks[look]
    assert hurried.errors_step == 4 and hurried.codes is not None and hurried.codes.step == 4
    assert trainer.noisy_test is not None and hurried.pictures is not None
    np.testing.assert_array_equal(hurried.pictures.noisy, trainer.noisy_test[:].numpy()[[3, 1]])
    np.testing.assert_allclose(
        hurried.pictures.reconstruction, reconstructions_now(trainer)[[3, 1]], atol=1e-6
    )


def test_that_what_a_hurried_snapshot_left_out_is_found_out_bit_by_bit(
    trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "_MOST", 16)
    trainer, other = (steps(trainer_of(NOISY), 6) for _ in range(2))
    observer, look = Observer(trainer, see_in_parts), TrainPart(20)
    wishes = Wishes(looks=(look,))
    observer.snapshot(wishes, fresh=True)
    for of in (trainer, other):
        steps(of, 1)
        of.apply(replace(of.experiment, "noise.sigma", 2.0))
    bits = sum(1 for _ in observer.rest(wishes))
    assert bits == 2 + 2 and trainer.model.training  # two passes each, of the test set and of the look
    found, expected = observer.snapshot(wishes, hurried=True), fresh(Observer(other))
    assert not found.hurried and found.errors_step is None and found.looks[look].step == 7
    assert found.codes is not None and expected.codes is not None
    np.testing.assert_array_equal(found.codes.values, expected.codes.values)
    np.testing.assert_array_equal(found.errors, expected.errors)


def test_that_what_comes_between_the_parts_of_a_renewal_changes_nothing_of_it(
    trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "_MOST", 16)
    trainer, other = (steps(trainer_of(NOISY), 5) for _ in range(2))
    observer, noise = Observer(trainer, see_in_parts), Gaussian(sigma=0.2)
    errors, curve, scored = ErrorsOf(30, 60), NoiseCurve(curve_noises(noise)), Denoising(noise)
    wishes = Wishes(pictures=(1,), looks=(errors, curve, scored, CleanCodes()))
    urgent = Wishes(pictures=(3,), looks=(Denoise(noise, (1, 2)), errors))
    renewal, rests = observer.renewal(wishes), 0
    while not is_over(renewal):
        assert trainer.model.training and torch.is_grad_enabled()
        rests += 1
        if rests == 1:  # in the middle of the codes
            between = sum(1 for _ in observer.renewal(urgent, hurried=True))
            passing = observer.taken(urgent, hurried=True)
    assert between >= 2 + 3 and rests >= 2 + len(curve.noises) - 1 + 1 + 1
    assert passing.hurried and passing.codes is not None and passing.codes.step == 4
    assert {*passing.looks} == {*urgent.looks}
    found, expected = observer.taken(wishes), Observer(other, see_in_parts).snapshot(wishes)
    assert not found.hurried and found.codes is not None and expected.codes is not None
    assert found.codes.step == 5 and {*found.looks} == {*wishes.looks}
    np.testing.assert_array_equal(found.codes.values, expected.codes.values)
    one, another = (snapshot.looks[scored].value.reconstruction for snapshot in (found, expected))
    assert vars(one) == vars(another)
    for look in (errors, curve, CleanCodes()):
        assert found.looks[look].step == 5
        one, another = vars(found.looks[look].value), vars(expected.looks[look].value)
        for name in one:
            np.testing.assert_array_equal(one[name], another[name])
    one, another = passing.looks[errors].value, found.looks[errors].value
    np.testing.assert_array_equal(one.train, another.train)


def test_that_a_renewal_that_is_given_up_is_paid_for(trainer_of: TrainerOf) -> None:
    trainer = steps(trainer_of(), 5)
    observer = Observer(trainer)
    renewal = observer.renewal(Wishes())
    next(renewal)
    assert observer._code_snapshots.spent == 0
    renewal.close()
    assert observer._code_snapshots.spent > 0
    found = observer.snapshot(Wishes()).codes
    assert found is not None and found.step == 5


def test_that_a_look_at_an_older_evaluation_is_taken_again(trainer_of: TrainerOf) -> None:
    """Also where a pause follows before the next step."""
    trainer = steps(trainer_of(), 5)
    asked = []

    def noting(bench: Bench, look: Look) -> Generator[None, None, object]:
        asked.append(bench.evaluation)
        return (yield from see_in_parts(bench, look))

    observer, wishes = Observer(trainer, noting), Wishes(looks=(TrainPart(20),))
    observer.snapshot(wishes)
    observer.snapshot(wishes, fresh=True)
    observer.snapshot(wishes, fresh=True)
    assert len(asked) == 2 and asked[0] is not asked[1] is trainer.evaluation


def test_that_a_replayed_moment_can_be_seen_before_it_is_evaluated(
    trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "_MOST", 16)
    trainer = trainer_of(NOISY)
    observer, look = Observer(trainer, see_in_parts), TrainPart(20)
    wishes = Wishes(pictures=(3, 1), looks=(look,))
    for _ in range(6):
        next(trainer)
        observer.frames.offer(trainer)
    present = observer.snapshot(wishes, fresh=True)
    first, second = observer.frames.nearest(2), observer.frames.nearest(4)
    assert first is not None and second is not None
    hurried = observer.replay(first, wishes, hurried=True)
    assert hurried.hurried and (hurried.step, hurried.errors_step) == (2, 6)
    assert hurried.codes is present.codes and hurried.looks[look] is present.looks[look]
    for _ in observer.rest_of_replay(first, wishes):
        passing = observer.replay(second, wishes, hurried=True)  # others are looked at meanwhile
        assert passing.hurried and passing.step == 4
    whole, between = (
        observer.replay(first, wishes, hurried=True),
        observer.replay(second, wishes, hurried=True),
    )
    expected = Observer(trainer, see_in_parts, observer.frames).replay(first, wishes)
    assert not whole.hurried and whole.errors_step is None and whole.looks[look].step == 2
    assert whole.codes is not None and expected.codes is not None and whole.codes.step == 2
    np.testing.assert_array_equal(whole.codes.values, expected.codes.values)
    np.testing.assert_array_equal(whole.errors, expected.errors)
    np.testing.assert_array_equal(whole.looks[look].value.codes, expected.looks[look].value.codes)
    assert hurried.pictures is not None and expected.pictures is not None
    np.testing.assert_array_equal(hurried.pictures.reconstruction, expected.pictures.reconstruction)
    assert between.hurried and between.codes is whole.codes and between.errors_step == 2


def test_that_a_replayed_moment_is_what_was_seen_then(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(NOISY)
    observer = Observer(trainer)
    wishes = Wishes(pictures=(3, 1, 2))
    observer.frames.offer(trainer)
    seen = {}
    for _ in range(9):
        next(trainer)
        observer.frames.offer(trainer)
        seen[trainer.step] = observer.snapshot(wishes, fresh=True)
    for step, then in seen.items():
        frame = observer.frames.nearest(step)
        assert frame is not None
        again = observer.replay(frame, wishes)
        assert again.replayed and not then.replayed
        assert (again.step, again.epoch, again.rate) == (then.step, then.epoch, then.rate)
        for name in ("batch", "train", "test", "train_steps", "test_steps"):
            np.testing.assert_array_equal(getattr(again.curves, name), getattr(then.curves, name))
        assert again.codes is not None and then.codes is not None
        np.testing.assert_array_equal(again.codes.values, then.codes.values)
        np.testing.assert_array_equal(again.errors, then.errors)
        assert again.pictures is not None and then.pictures is not None
        np.testing.assert_array_equal(again.pictures.reconstruction, then.pictures.reconstruction)
        assert again.baselines == then.baselines


def test_that_a_replay_follows_the_live_changes_of_then(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(NOISY)
    observer = Observer(trainer)
    steps(trainer, 2)
    observer.frames.offer(trainer)
    before = observer.snapshot(Wishes(pictures=(0,)), fresh=True)
    trainer.apply(replace(trainer.experiment, "noise.sigma", 1.5))
    steps(trainer, 1)
    frame = observer.frames.nearest(2)
    assert frame is not None
    again = observer.replay(frame, Wishes(pictures=(0,)))
    assert again.experiment.noise.sigma == 0.5
    assert again.pictures is not None and before.pictures is not None
    np.testing.assert_array_equal(again.pictures.noisy, before.pictures.noisy)
    assert again.baselines.noisy_mse == before.baselines.noisy_mse


def test_that_replaying_leaves_no_trace_in_the_run(trainer_of: TrainerOf) -> None:
    changes = {**NOISY, "architecture.encoder": [{"kind": "dense", "units": 5}, {"kind": "batch-norm"}]}
    alone, watched = trainer_of(changes), trainer_of(changes)
    observer = Observer(watched)
    for _ in range(7):
        next(alone)
        next(watched)
        observer.frames.offer(watched)
        frame = observer.frames.nearest(watched.step // 2)
        if frame is not None:
            observer.replay(frame, Wishes(pictures=(0, 1)))
            observer.decode(np.zeros((2, 3), np.float32), frame)
    np.testing.assert_array_equal(alone.history.batch.prefix(), watched.history.batch.prefix())
    np.testing.assert_array_equal(alone.history.test.prefix(), watched.history.test.prefix())


def test_that_a_new_look_is_answered_at_once_and_an_old_one_when_it_may_cost_something(
    trainer_of: TrainerOf,
) -> None:
    trainer = steps(trainer_of(), 2)
    observer = Observer(trainer, see_in_parts)
    look, other = TrainPart(20), TrainPart(10)
    first = observer.snapshot(Wishes(looks=(look,))).looks
    assert first[look].step == 2 and len(first[look].value.rows) == 20
    observer._look_snapshots._credit = -1e9  # nothing may be spent
    steps(trainer, 1)
    second = observer.snapshot(Wishes(looks=(look, other))).looks
    assert second[look] is first[look] and second[other].step == 3
    third = observer.snapshot(Wishes(looks=(look,)), fresh=True).looks
    assert third[look].step == 3 and other not in third


def test_that_of_several_old_looks_the_oldest_comes_first_and_no_other_with_it(trainer_of: TrainerOf) -> None:
    trainer = steps(trainer_of(), 2)
    observer, looks = Observer(trainer, see_in_parts), (TrainPart(20), TrainPart(10), TrainPart(5))
    known = [0, 0, 0]
    for step in range(2, 9):
        observer._look_snapshots._credit = 1e9  # anything may be spent
        answers = observer.snapshot(Wishes(looks=looks)).looks
        before, known = known, [answers[look].step for look in looks]
        oldest = before.index(min(before))
        assert known == ([2, 2, 2] if step == 2 else [*before[:oldest], step, *before[oldest + 1 :]])
        steps(trainer, 1)


def test_that_a_part_of_the_training_set_is_what_the_network_makes_of_it(trainer_of: TrainerOf) -> None:
    trainer = steps(trainer_of(), 4)
    look = TrainPart(1000)
    seen = Observer(trainer, see_in_parts).snapshot(Wishes(looks=(look,))).looks[look].value
    x = trainer.train.take(torch.from_numpy(seen.rows))
    with torch.no_grad():
        codes = trainer.model.encode(x)
        errors = (trainer.model.decode(codes) - x).square().mean(dim=1)
    assert len(seen.rows) == len(trainer.train)
    np.testing.assert_allclose(seen.codes, codes.numpy(), atol=1e-6)
    np.testing.assert_allclose(seen.errors, errors.numpy(), rtol=1e-5)


def test_that_clean_training_samples_carry_no_noise_and_all_of_them_that_of_the_metrics(
    trainer_of: TrainerOf,
) -> None:
    trainer = steps(trainer_of(NOISY), 4)
    looks = (TrainPart(1000, clean=True), TrainPart(1000))
    seen = Observer(trainer, see_in_parts).snapshot(Wishes(looks=looks)).looks
    subject = subject_of(trainer)
    x, noisy = trainer.train.take(slice(None)), subject.noisy_train
    assert noisy is not None
    for look, inputs in zip(looks, (x, noisy[:]), strict=True):
        with torch.no_grad():
            codes = trainer.model.encode(inputs)
            errors = (trainer.model.decode(codes) - x).square().mean(dim=1)
        np.testing.assert_allclose(seen[look].value.codes, codes.numpy(), atol=1e-6)
        np.testing.assert_allclose(seen[look].value.errors, errors.numpy(), rtol=1e-5)
