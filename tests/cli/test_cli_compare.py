"""``aegui compare``: runs side by side."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aegui.__main__ import main
from aegui.spec import Experiment, save

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def pair(tiny: Callable[..., Experiment], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two runs that differ in the code's size and in the encoder."""
    folder = tmp_path_factory.mktemp("compare")
    layers = [{"kind": "dense", "units": 9}, {"kind": "dense", "units": 7}]
    changes: dict[str, Any] = {"code.size": 5, "architecture.encoder": layers, "title": "Wider"}
    for name, experiment in (("a", tiny()), ("b", tiny(changes))):
        save(experiment, folder / f"{name}.toml")
        assert main(["train", str(folder / f"{name}.toml"), "--out", str(folder / name)]) == 0
    return folder / "a", folder / "b"


def test_that_json_has_the_metrics_of_the_runs_and_what_differs(call: Call, pair: tuple[Path, Path]) -> None:
    done = call("compare", *pair, "--json")
    assert done.status == 0 and done.err == "" and done.out.count("\n") == 1
    found = json.loads(done.out)
    written = [json.loads((path / "metrics.json").read_text()) for path in pair]
    assert [run["metrics"] for run in found["runs"]] == written
    assert [run["path"] for run in found["runs"]] == [str(path) for path in pair]
    assert [run["title"] for run in found["runs"]] == ["Tiny digits", "Wider"]
    assert set(found["differences"]) == {"architecture.encoder", "code.size"}
    assert found["differences"]["code.size"] == [3, 5]
    errors = [run["test"]["mse"] for run in written]
    assert found["best"]["test.mse"] == [errors.index(min(errors))]


def test_that_people_get_two_tables(call: Call, pair: tuple[Path, Path]) -> None:
    done = call("compare", *pair)
    lines = done.out.splitlines()
    assert lines[0].startswith("[1] Tiny digits  undercomplete autoencoder, ")
    assert ["code.size", "3", "5"] in [line.split() for line in lines]
    assert "  [2] dense 9 relu, dense 7 relu" in lines
    (mse,) = (line for line in lines if line.startswith("test MSE"))
    assert mse.count("*") == 1
    assert "* best" in lines


def test_that_nothing_differs_is_said(call: Call, pair: tuple[Path, Path]) -> None:
    assert "Every setting is the same." in call("compare", pair[0], pair[0]).out


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("no folder", "is not the folder of a run"),
        ("not ended", "metrics.json: is missing: the run has not ended"),
        ("cut metrics", "metrics.json: is not valid JSON, or is damaged"),
        ("other metrics", "metrics.json: holds no test.mse"),
        ("bad experiment", "experiment.toml: is not valid TOML"),
    ],
)
def test_that_a_damaged_run_is_one_line(
    call: Call, pair: tuple[Path, Path], tmp_path: Path, damage: str, message: str
) -> None:
    run = Path(shutil.copytree(pair[1], tmp_path / "run"))
    match damage:
        case "no folder":
            run = tmp_path / "nowhere"
        case "not ended":
            (run / "metrics.json").unlink()
        case "cut metrics":
            (run / "metrics.json").write_text('{"test": {')
        case "other metrics":
            (run / "metrics.json").write_text("[1, 2]")
        case "bad experiment":
            (run / "experiment.toml").write_text("title = ")
    done = call("compare", pair[0], run)
    assert done.status == 2 and done.out == "" and message in done.err and done.err.count("\n") == 1


def test_that_one_run_has_nothing_to_be_compared_with(call: Call, pair: tuple[Path, Path]) -> None:
    done = call("compare", pair[0])
    assert done.status == 2 and "is one run" in done.err


def test_that_it_needs_no_torch() -> None:
    code = "import sys, aegui.cli.compare; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "False"
