"""Runs that give out on the command line: one line on standard error, and a whole run on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import aegui.cli.train
import aegui.data.importing.numpy_file
import aegui.runs.state
import aegui.training.tensor_file
from aegui.data.load import load_dataset
from aegui.runs.folder import RunFolder
from aegui.training.trainer import Trainer

Call = Callable[..., Any]


def settings(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("--set", pair)]


def strictly(text: str) -> Any:
    """JSON as the standard has it, which has no NaN and no Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """A table of numbers whose squares no float32 holds."""
    path = tmp_path / "huge.csv"
    rows = np.random.default_rng(0).random((60, 4)) * 1e25
    path.write_text("a,b,c,d\n" + "".join(",".join(f"{v:.6e}" for v in row) + "\n" for row in rows))
    return path


def test_that_numbers_that_are_not_finite_are_null_in_json(
    call: Call, file: Path, huge: Path, tmp_path: Path
) -> None:
    source = f'data.source={{kind="csv", path={json.dumps(str(huge))}}}'
    words = settings(source, "data.scaling=none", "architecture.output=linear")
    done = call("train", file, *words, "--json", "--out", tmp_path / "run")
    assert done.status == 1 and done.out.count("\n") == 1
    (error,) = [line for line in done.err.splitlines() if line.startswith("aegui:") and "warning" not in line]
    assert error.startswith("aegui: data.scaling: the loss is no longer a finite number at step 1")
    assert "take the scaling standard or minmax" in error
    metrics = strictly(done.out)
    assert metrics["test"]["mse"] is None and metrics["steps"] == 1
    assert metrics == strictly((tmp_path / "run" / "metrics.json").read_text())
    again = call("evaluate", tmp_path / "run", "--json")  # and read again
    assert again.status == 0 and strictly(again.out)["test"]["mse"] is None
    beside = call("compare", tmp_path / "run", tmp_path / "run", "--json")
    assert beside.status == 0 and strictly(beside.out)
    assert call("compare", tmp_path / "run", tmp_path / "run").status == 0


KILLING = ('penalty.code={kind="l1", weight=1000.0}', "training.rate=0.1", 'code.activation="relu"')


def test_that_a_dead_code_is_told_once_with_the_penalty_to_lower(
    call: Call, file: Path, tmp_path: Path
) -> None:
    done = call("train", file, *settings(*KILLING, "training.epochs=6"), "--out", tmp_path / "run")
    assert done.status == 0
    (warning,) = [line for line in done.err.splitlines() if "code units" in line]
    assert warning == (
        "aegui: warning: penalty.code.weight: 3 of 3 code units are dead (0 for every test sample);"
        " lower penalty.code.weight, now 1000"
    )
    metrics = strictly((tmp_path / "run" / "metrics.json").read_text())
    assert metrics["code"]["dead_units"] == 3


def test_that_a_code_that_speaks_is_not_warned_of(call: Call, file: Path, tmp_path: Path) -> None:
    assert "code units" not in call("train", file, "--out", tmp_path / "run").err


def test_that_a_run_goes_on_where_memory_is_out_for_a_checkpoint_alone(
    call: Call, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = call("train", file, "--json", "--out", tmp_path / "whole")
    library, left = aegui.training.tensor_file.save, [2]

    def save(*words: Any, **settings: Any) -> bytes:
        if left[0]:
            left[0] -= 1
            raise MemoryError
        return library(*words, **settings)

    monkeypatch.setattr(aegui.runs.state, "SOONEST", 0.0)
    monkeypatch.setattr(aegui.runs.state, "SHARE", 1e9)
    monkeypatch.setattr(aegui.training.tensor_file, "save", save)
    done = call("train", file, "--json", "--out", tmp_path / "run")
    told = [line for line in done.err.splitlines() if "no checkpoint" in line]
    assert told == [f"aegui: warning: no checkpoint of step {step}: out of memory" for step in (1, 2)]
    assert done.status == 0 and done.out.count("\n") == whole.out.count("\n")
    weights = [(tmp_path / run / "weights.safetensors").read_bytes() for run in ("run", "whole")]
    assert weights[0] == weights[1]


def test_that_a_run_whose_data_become_shorter_keeps_every_step_and_goes_on_with_them(
    call: Call, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data.npy"
    np.save(data, np.random.default_rng(0).random((120, 9), np.float32))
    whole = data.read_bytes()
    source = settings(f'data.source={{kind="npz", path={json.dumps(str(data))}}}', "training.epochs=3")
    report = aegui.cli.train._print_json

    def cut(facts: dict[str, Any]) -> None:
        report(facts)
        os.truncate(data, 2000)

    with monkeypatch.context() as patch:
        patch.setattr(aegui.data.importing.numpy_file, "MAPPED_FROM", 0)
        patch.setattr(aegui.cli.train, "_print_json", cut)
        done = call("train", file, *source, "--json", "--out", tmp_path / "run")
    assert done.status == 1 and "data.npy: must have" in done.err
    data.write_bytes(whole)
    again = call("train", file, *source, "--json", "--resume", "--out", tmp_path / "run")
    assert again.status == 0
    epochs = [json.loads(line)["epoch"] for line in (done.out + again.out).splitlines()[:-1]]
    assert epochs == [1, 2, 3]


LIMITED = """
import resource, sys
import aegui.cli.train, aegui.analysis.metrics, aegui.runs.record
from aegui.__main__ import main

used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + int(sys.argv[1]) * 2**20,) * 2)
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="a limit that Linux has")
def test_that_a_run_without_enough_memory_is_one_line_and_leaves_what_it_had(
    file: Path, tmp_path: Path
) -> None:
    wide = ('architecture.encoder=[{kind="dense", units=30000}]', "training.batch=1400", "data.train=1400")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
    command = [sys.executable, "-c", LIMITED, "500", "train", str(file), *settings(*wide)]
    command += ["--out", str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1] == (
        "aegui: device cpu: out of memory, so the run was stopped; lower training.batch, now 1,400, or"
        " architecture.encoder[0].units, now 30,000"
    )
    assert "Traceback" not in done.stderr
    folder = RunFolder.open(tmp_path / "run")
    trainer = Trainer(folder.experiment(), load_dataset(folder.experiment().data, 0))
    folder.restore(trainer)
    assert trainer.step == 0 and not trainer.finished
