"""``aegui evaluate``: the numbers of the run, again and on other data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aegui.__main__ import main
from aegui.cli.text import metrics_lines
from aegui.spec import Experiment, load, save

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def finished(tiny: Callable[..., Experiment], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was trained once for all of these tests."""
    folder = tmp_path_factory.mktemp("evaluate")
    save(tiny(), folder / "tiny.toml")
    assert main(["train", str(folder / "tiny.toml"), "--out", str(folder / "run")]) == 0
    return folder / "run"


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    """A copy of it that may be damaged."""
    return Path(shutil.copytree(finished, tmp_path / "run"))


SAME = ("test", "train", "baselines", "code", "probe", "parameters", "type", "seed", "versions")


@pytest.mark.parametrize(
    "change", ["noise.kind=gaussian", "code.variational=true", "data.scaling=standard", "training.loss=bce"]
)
def test_that_it_gives_the_metrics_of_the_run_exactly(
    call: Call, file: Path, tmp_path: Path, change: str
) -> None:
    call("train", file, "--out", tmp_path / "run", "--set", change)
    done = call("evaluate", tmp_path / "run", "--json")
    assert done.status == 0 and done.err == "" and done.out.count("\n") == 1
    found, written = json.loads(done.out), json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert found["data"] == "digits"
    assert {name: found[name] for name in SAME} == {name: written[name] for name in SAME}


def test_that_it_knows_of_anomalies(call: Call, file: Path, tmp_path: Path) -> None:
    call("train", file, "--out", tmp_path / "run", "--set", "data.normal=[0, 1]")
    found = json.loads(call("evaluate", tmp_path / "run", "--json").out)
    written = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert found["anomaly"] == written["anomaly"]


def test_that_it_prints_for_people_without_json(call: Call, run: Path) -> None:
    done = call("evaluate", run)
    first, *lines = done.out.splitlines()
    assert first == f"{run} on Digits 8×8:"
    assert lines == [*metrics_lines(json.loads((run / "metrics.json").read_text()))]


def test_that_other_data_of_another_shape_are_refused(call: Call, run: Path) -> None:
    done = call("evaluate", run, "--data", "mnist")
    assert done.status == 2 and done.out == ""
    assert done.err == "aegui: --data mnist: the run takes samples of 8×8, mnist has 28×28\n"
    done = call("evaluate", run, "--data", "digitz")
    assert done.status == 2 and 'did you mean "digits"?' in done.err


def test_that_other_data_are_all_their_labels(call: Call, file: Path, tmp_path: Path) -> None:
    call("train", file, "--out", tmp_path / "run", "--set", "data.classes=[3, 5]")
    own = json.loads(call("evaluate", tmp_path / "run", "--json").out)
    other = json.loads(call("evaluate", tmp_path / "run", "--json", "--data", "digits").out)
    assert other["test"]["mse"] > own["test"]["mse"]
    assert other["probe"]["raw"] < own["probe"]["raw"]  # ten classes are harder to tell apart than two


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("no weights", "weights.safetensors: cannot be read"),
        ("cut weights", "weights.safetensors: is not a safetensors file, or is damaged"),
        ("bad experiment", "experiment.toml: is not valid TOML"),
        ("other experiment", "weights.safetensors: does not fit the experiment beside it"),
    ],
)
def test_that_a_damaged_run_is_one_line(call: Call, run: Path, damage: str, message: str) -> None:
    weights, experiment = run / "weights.safetensors", run / "experiment.toml"
    match damage:
        case "no weights":
            weights.unlink()
        case "cut weights":
            weights.write_bytes(weights.read_bytes()[:-1])
        case "bad experiment":
            experiment.write_text("title = ")
        case "other experiment":
            wider = load(experiment)
            save(wider.model_copy(update={"code": wider.code.model_copy(update={"size": 9})}), experiment)
    done = call("evaluate", run)
    assert done.status == 2 and message in done.err and done.err.count("\n") == 1 and done.out == ""
