"""Runs that others have damaged, mixed up or made up: a value or a message, whatever their folder holds."""

from __future__ import annotations

import io
import os
import pickle
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

import pytest
import torch
from spoilt_runs import SPOILT, TOUCHED, WEIGHTS, whole_runs

from aegui.data.dataset import Dataset
from aegui.errors import AeguiError
from aegui.runs.earlier import earlier_runs
from aegui.runs.figure_export import export_figures
from aegui.runs.folder import RunFolder
from aegui.runs.reading import read_run, read_state
from aegui.runs.run_list import list_runs
from aegui.runs.script_export import export_script
from aegui.runs.seeing import see_run
from aegui.spec import Experiment
from aegui.training.trainer import Trainer

Whole = tuple[Path, Path]  # a run, and one of another experiment


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, tiny: Callable[..., Experiment], tiny_digits: Dataset
) -> Whole:
    return whole_runs(tmp_path_factory.mktemp("whole"), tiny, tiny_digits)


def readers(out: Path) -> dict[str, Callable[[Path], object]]:
    return {
        "compare": read_run,
        "state": read_state,
        "resume": resumed,
        "network": see_run,
        "figures": lambda run: export_figures(run, out),
        "script": lambda run: export_script(run, out),
    }


def resumed(path: Path) -> None:
    """As ``aegui train --resume`` does, two steps on."""
    from aegui.data.load import load_dataset

    with RunFolder.open(path).claim() as folder:
        experiment = folder.experiment()
        trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
        folder.restore(trainer)
        frames = folder.frames()
        frames.check(trainer, "frames")
        for step in trainer:
            frames.offer(trainer)
            if step % 2 == 0:
                break
        folder.write_state(trainer, frames)


def outcomes(
    ways: Iterable[str], names: Iterable[str], whole: Whole, folder: Path, like: Experiment
) -> Counter[str]:
    """What came of each way and each reader; a run that is whole stays in sight beside the damaged one."""
    found: Counter[str] = Counter()
    good, runs, out = whole[0], folder / "runs", folder / "out"
    for way in ways:
        for name in names:
            shutil.rmtree(runs, ignore_errors=True)
            shutil.copytree(good, runs / "good")
            shutil.copytree(good, runs / "bad")
            before = outside(folder)
            SPOILT[way](runs / "bad", whole[1])
            listed = list_runs(runs)
            assert runs / "good" in [run.path for run in listed.runs], way
            assert str(runs / "good") in [run.path for run in earlier_runs(like)], way
            assert all(unread.reason.isprintable() for unread in listed.unread), way
            try:
                readers(out)[name](runs / "bad")
            except AeguiError as error:
                assert all(line.isprintable() and len(line) < 2000 for line in error.lines), (
                    way,
                    error.lines,
                )
                found[f"{name} refused"] += 1
            except BaseException as error:
                error.add_note(f"{name} of {way}")
                raise
            else:
                found[f"{name} read"] += 1
            assert outside(folder) - {"out"} == before - {"out"}, (way, name)
    return found


def outside(folder: Path) -> set[str]:
    """What lies beside the runs."""
    return {*os.listdir(folder)} | {name for name in os.listdir(folder / "runs") if name == TOUCHED}


EVERY = tuple(SPOILT)


def test_that_a_planted_pickle_would_be_noticed(tmp_path: Path) -> None:
    """Of the pickles that the tests below plant: whoever loaded one would make a file."""
    run = tmp_path / "runs" / "bad"
    run.mkdir(parents=True)
    for way, load in ((f"{WEIGHTS}: a pickle", pickle.loads), (f"{WEIGHTS}: saved by torch", loads_by_torch)):
        SPOILT[way](run, run)
        load((run / WEIGHTS).read_bytes()).close()
        assert (tmp_path / "runs" / TOUCHED).exists()
        (tmp_path / "runs" / TOUCHED).unlink()


def loads_by_torch(data: bytes) -> TextIO:
    found: TextIO = torch.load(io.BytesIO(data), weights_only=False)["model.code.weight"]
    return found


SOME = EVERY[::9]


def test_that_a_spoilt_run_is_read_or_refused_and_hides_no_other(
    whole: Whole, tmp_path: Path, tiny: Callable[..., Experiment]
) -> None:
    found = outcomes(SOME, ("compare", "state", "resume"), whole, tmp_path, tiny())
    assert min(found.values()) > 0 and found.total() == 3 * len(SOME)


@pytest.mark.long
@pytest.mark.parametrize("reader", ["compare", "state", "resume", "network", "figures", "script"])
def test_that_every_way_to_spoil_a_run_is_read_or_refused_by_every_reader(
    reader: str, whole: Whole, tmp_path: Path, tiny: Callable[..., Experiment]
) -> None:
    found = outcomes(EVERY, (reader,), whole, tmp_path, tiny())
    print(f"{reader}: {dict(found)}")
    assert found.total() == len(EVERY)
