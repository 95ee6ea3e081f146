"""The list of runs: what it says of each, and that a damaged one hides no other."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from aegui.analysis.run_list import Notes, same_samples
from aegui.data.load import load_dataset
from aegui.runs.folder import RunFolder
from aegui.runs.record import record
from aegui.runs.run_list import NOTES, list_runs, read_curve, read_listed, read_notes, write_notes
from aegui.runs.seeing import see_run, see_samples
from aegui.spec import Experiment
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]


@pytest.fixture
def written(trainer_of: TrainerOf, runs: Path) -> Callable[..., tuple[Trainer, Path]]:
    def write(name: str, changes: dict[str, object] | None = None) -> tuple[Trainer, Path]:
        trainer = trainer_of(changes)
        for _ in trainer:
            pass
        record(trainer).write(RunFolder.create(trainer.experiment, runs / name))
        return trainer, runs / name

    return write


def test_that_a_listed_run_is_what_was_trained(written: Callable[..., tuple[Trainer, Path]]) -> None:
    trainer, path = written("first")
    run = read_listed(path)
    assert run.experiment == trainer.experiment and run.metrics["test"]["mse"] > 0
    assert run.curve.term == "mse" and run.curve.epochs.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(run.curve.values, trainer.history.test.prefix()[:, 0], rtol=1e-6)
    assert run.notes == Notes()


def test_that_the_newest_comes_first_and_a_damaged_one_hides_no_other(
    written: Callable[..., tuple[Trainer, Path]], runs: Path
) -> None:
    _, old = written("old")
    _, new = written("new", {"code.size": 2})
    for name in ("experiment.toml", "history.csv"):
        os.utime(old / name, (1e9, 1e9))
    broken = runs / "broken"
    broken.mkdir()
    (broken / "experiment.toml").write_text("format = 1\nnonsense")
    (runs / "no-run").mkdir()
    found = list_runs(runs)
    assert [run.path for run in found.runs] == [new, old]
    assert [u.path for u in found.unread] == [broken] and "experiment.toml" in found.unread[0].reason
    assert list_runs(runs / "nowhere").runs == ()


@pytest.mark.parametrize("content", ["", "step,epoch\n1,2", "a,b,split,x\n1,one,test,3", "\0"])
def test_that_a_damaged_history_or_note_or_metric_takes_nothing_else_away(
    written: Callable[..., tuple[Trainer, Path]], content: str
) -> None:
    _, path = written("run")
    for name in ("history.csv", "metrics.json", NOTES):
        (path / name).write_text(content)
    run = read_listed(path)
    assert len(run.curve.values) == 0 and run.metrics == {} and run.notes == Notes()
    assert read_curve(path / "nowhere").term == ""


def test_that_notes_are_kept_in_any_language(tmp_path: Path) -> None:
    write_notes(tmp_path, ["gut", "最初"], "bis zum Schluß\nlesen 🙂")
    assert read_notes(tmp_path) == Notes(("gut", "最初"), "bis zum Schluß\nlesen 🙂")
    assert json.loads((tmp_path / NOTES).read_text(encoding="utf-8"))["tags"] == ["gut", "最初"]


def test_that_two_networks_are_seen_on_the_same_samples(
    written: Callable[..., tuple[Trainer, Path]],
) -> None:
    pairs = [written("a"), written("b", {"code.size": 2, "noise.kind": "gaussian"})]
    seen = [see_run(path) for _, path in pairs]
    for (trainer, _), (_, run) in zip(pairs, seen, strict=True):
        np.testing.assert_allclose(run.errors, trainer.evaluation.errors.numpy(), rtol=1e-5)
        np.testing.assert_allclose(run.codes, trainer.evaluation.codes.numpy(), atol=1e-6)
    assert same_samples(seen[0][1].dataset, seen[1][1].dataset)
    rows = np.array([5, 0, 17])
    samples = see_samples([subject for subject, _ in seen], rows)
    for place, (_, run) in enumerate(seen):
        np.testing.assert_allclose(samples.errors[place], run.errors[rows], rtol=1e-5)
        by_hand = np.square(samples.made[place] - samples.original).mean(axis=1)
        np.testing.assert_allclose(by_hand, run.errors[rows], rtol=1e-4)


def test_that_other_samples_are_known_to_be_others(tiny: Callable[..., Experiment]) -> None:
    sets = [
        load_dataset(tiny(c).data, seed) for c, seed in (({}, 0), ({}, 0), ({}, 1), ({"data.test": 20}, 0))
    ]
    assert same_samples(sets[0], sets[1])
    assert not same_samples(sets[0], sets[2]) and not same_samples(sets[0], sets[3])
