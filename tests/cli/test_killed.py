"""A run that is killed at any moment, or whose disk fails at any operation, goes on as if nothing were."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from faulty_disk import ERRORS, FaultyDisk, operations

import aegui.runs.state
from aegui.__main__ import main
from aegui.data.dataset import Dataset
from aegui.runs.folder import RunFolder
from aegui.runs.names import CHECKPOINT, EXPERIMENT, HISTORY, METRICS, WEIGHTS
from aegui.runs.reading import has, read_files, read_metrics
from aegui.spec import Experiment, save
from aegui.training.checkpoint import read_checkpoint
from aegui.training.tensor_file import unpack_tensors
from aegui.training.trainer import Trainer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="what is killed is a copy of this process")

CHANGES = {
    "noise.kind": "gaussian",
    "training.epochs": 40,
    "training.optimizer": {"kind": "adam"},
    "training.schedule": {"kind": "cosine"},
}


@pytest.fixture
def file(tiny: Callable[..., Experiment], tmp_path: Path) -> Path:
    save(tiny(CHANGES), tmp_path / "tiny.toml")
    return tmp_path / "tiny.toml"


@pytest.fixture
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """States are kept as often as that can be."""
    monkeypatch.setattr(aegui.runs.state, "SOONEST", 0.0)
    monkeypatch.setattr(aegui.runs.state, "SHARE", 1e9)


@pytest.fixture
def whole(file: Path, tmp_path: Path) -> tuple[bytes, bytes]:
    """History and weights of the run that nobody disturbs."""
    assert main(["train", str(file), "--json", "--out", str(tmp_path / "whole")]) == 0
    return outcome(tmp_path / "whole")


def outcome(run: Path) -> tuple[bytes, bytes]:
    return (run / HISTORY).read_bytes(), (run / WEIGHTS).read_bytes()


def train(file: Path, run: Path) -> list[str]:
    """The call that begins a run, or goes on with it."""
    resume = ["--resume"] if has(run, EXPERIMENT) else []
    return ["train", str(file), "--json", "--out", str(run), *resume]


def begun(arguments: list[str]) -> int:
    """The command line in a process of its own; its number."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            status = main(arguments)
        finally:
            os._exit(status)
    return child


def killed_after(child: int, seconds: float) -> bool:
    """Whether a process was still there to be killed; it must not have failed by itself."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, how = os.waitpid(child, os.WNOHANG)
        if done:
            assert os.WEXITSTATUS(how) == 0
            return False
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    _, how = os.waitpid(child, 0)
    return os.WIFSIGNALED(how)


def check(run: Path, dataset: Dataset) -> int:
    """That what is on disk is one state, from which a trainer can go on; its step, -1 if there is none."""
    if not has(run, CHECKPOINT):
        assert not has(run, METRICS) and not has(run, WEIGHTS)
        return -1
    files = read_files(run, (CHECKPOINT, EXPERIMENT, HISTORY, WEIGHTS))
    facts, tensors = read_checkpoint(files[CHECKPOINT], "checkpoint")
    assert facts["experiment"].encode() == files[EXPERIMENT]
    weights, _ = unpack_tensors(files[WEIGHTS], "weights")
    for name, tensor in weights.items():
        assert np.array_equal(tensor.numpy(), tensors[f"model.{name}"].numpy())
    trainer = Trainer(RunFolder(run).experiment(), dataset)
    RunFolder(run).restore(trainer)
    last = files[HISTORY].decode().splitlines()[-1].split(",")
    assert int(last[0]) == trainer.epoch * trainer.steps_per_epoch
    if has(run, METRICS):
        assert read_metrics(run)["steps"] == trainer.step
    return trainer.step


def kill_often(
    kills: int, file: Path, folder: Path, dataset: Dataset, whole: tuple[bytes, bytes], seed: int
) -> tuple[int, int]:
    """Kills runs until that has happened so often; runs that came to their end, and kills with a state."""
    chance, ended, with_state, number = random.Random(seed), 0, 0, 0
    while kills > 0:
        run, before = folder / str(number), -1
        number += 1
        while kills > 0:
            child = begun(train(file, run))
            if not killed_after(child, chance.uniform(0, 1.2)):
                assert outcome(run) == whole and read_metrics(run)["epochs"] == CHANGES["training.epochs"]
                assert not [p for p in run.rglob("*") if p.name.startswith(".together")]
                ended += 1
                break
            kills -= 1
            step = check(run, dataset)
            assert step >= before  # nothing is lost that was on disk
            before = step
            with_state += step > 0
        else:  # the last one goes on to its end as well
            assert main(train(file, run)) == 0
            assert outcome(run) == whole
            ended += 1
    return ended, with_state


@pytest.mark.usefixtures("restless")
def test_that_a_killed_run_goes_on_bitwise(
    file: Path, tmp_path: Path, tiny_digits: Dataset, whole: tuple[bytes, bytes]
) -> None:
    ended, with_state = kill_often(8, file, tmp_path, tiny_digits, whole, seed=1)
    assert ended and with_state


@pytest.mark.long
@pytest.mark.usefixtures("restless")
@pytest.mark.parametrize("seed", range(4))
def test_that_runs_that_are_killed_two_hundred_times_go_on_bitwise(
    file: Path,
    tmp_path: Path,
    tiny_digits: Dataset,
    whole: tuple[bytes, bytes],
    seed: int,
    pytestconfig: pytest.Config,
) -> None:
    kills = pytestconfig.getoption("--kills") // 4
    ended, with_state = kill_often(kills, file, tmp_path, tiny_digits, whole, seed=100 + seed)
    print(f"{kills} kills, {with_state} with a state on disk, {ended} runs at their end")
    assert ended and with_state > kills // 4


def fail_often(file: Path, folder: Path, dataset: Dataset, whole: tuple[bytes, bytes], stride: int) -> int:
    """Lets operations of a whole run fail in turn; how many did."""

    def run_to_end(run: Path) -> int:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            return main(train(file, run))

    total, tried = operations(folder / "count", lambda: run_to_end(folder / "count")), 0
    assert total > 50
    for at in range(0, total, stride):
        run, error, stays = folder / str(at), ERRORS[at % len(ERRORS)], bool(at // stride % 2)
        with FaultyDisk(run, at, error, stays=stays).mounted() as disk:
            status = run_to_end(run)
        assert disk.failed and status in (0, 1)  # the rest went well, or a sentence says what did not
        check(run, dataset)
        assert run_to_end(run) == 0 and outcome(run) == whole
        tried += 1
    return tried


def test_that_a_failing_disk_leaves_a_run_that_can_go_on(
    file: Path, tmp_path: Path, tiny_digits: Dataset, whole: tuple[bytes, bytes]
) -> None:
    assert fail_often(file, tmp_path, tiny_digits, whole, stride=31) >= 2


@pytest.mark.long
def test_that_any_operation_may_fail(
    file: Path, tmp_path: Path, tiny_digits: Dataset, whole: tuple[bytes, bytes]
) -> None:
    print(f"{fail_often(file, tmp_path, tiny_digits, whole, stride=1)} operations")


@pytest.fixture
def claimed(file: Path, tmp_path: Path) -> Iterator[Path]:
    """The folder of a run that another process trains in."""
    run = tmp_path / "run"
    child = begun(["train", str(file), "--json", "--out", str(run), "--set", "training.epochs=100000"])
    end = time.monotonic() + 30
    while not has(run, EXPERIMENT) and time.monotonic() < end:
        time.sleep(0.01)
    yield run
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_that_two_processes_do_not_write_to_one_run(
    claimed: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for resume in ([], ["--resume"]):
        assert main(["train", str(file), "--json", "--out", str(claimed), *resume]) == 1
        error = capsys.readouterr().err
        assert error == (
            f"aegui: {claimed}: another aegui writes to this run; close it there, or choose another folder\n"
        )


def test_that_processes_that_begin_at_once_get_folders_of_their_own(file: Path, runs: Path) -> None:
    children = [
        begun(["train", str(file), "--json", "--set", "training.epochs=1", "--set", f"seed={seed}"])
        for seed in range(3)
    ]
    for child in children:
        _, how = os.waitpid(child, 0)
        assert os.WEXITSTATUS(how) == 0
    found = [json.loads((path / METRICS).read_text())["seed"] for path in runs.iterdir()]
    assert sorted(found) == [*range(3)]
