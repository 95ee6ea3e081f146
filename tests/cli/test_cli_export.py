"""``aegui export``: a run as a file for other programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aegui.__main__ import main
from aegui.spec import Experiment, save

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def run(tiny: Callable[..., Experiment], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with noise that was trained once for all of these tests."""
    folder = tmp_path_factory.mktemp("export")
    save(tiny({"noise.kind": "gaussian"}), folder / "tiny.toml")
    assert main(["train", str(folder / "tiny.toml"), "--out", str(folder / "run")]) == 0
    return folder / "run"


def test_that_codes_go_to_the_folder_of_the_run(call: Call, run: Path) -> None:
    done = call("export", run, "--to", "codes")
    assert done.status == 0 and done.err == ""
    with (run / "codes.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["split", "index", "label", "mse", "h1", "h2", "h3"]
    assert done.out == f"{run / 'codes.csv'}: codes of {len(rows):,} samples, 3 units\n"


def test_that_the_noisy_input_gives_the_test_error_of_the_metrics(
    call: Call, run: Path, tmp_path: Path
) -> None:
    written = json.loads((run / "metrics.json").read_text())
    found = {}
    for seen in ("clean", "noisy"):
        path = tmp_path / f"{seen}.npz"
        assert call("export", run, "--to", "codes", "--out", path, "--input", seen).status == 0
        with np.load(path) as table:
            part = {split: table["mse"][table["split"] == split] for split in ("train", "test")}
            assert table["codes"].shape == (len(table["index"]), 3)
        found[seen] = {split: float(errors.mean(dtype=np.float64)) for split, errors in part.items()}
    assert found["noisy"]["test"] == pytest.approx(written["test"]["mse"], rel=1e-6)
    assert found["noisy"]["train"] == pytest.approx(written["train"]["mse"], rel=1e-6)
    assert found["clean"]["test"] != found["noisy"]["test"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--to", "codes", "--out", "codes.xls"], "codes.xls: must end in .csv, .npz, .parquet"),
        (["--to", "codes", "--out", "codes.parquet"], "needs the package pyarrow"),
        (["--to", "code"], "invalid choice: 'code'"),
        ([], "the following arguments are required: --to"),
        (["--to", "codes", "--input", "raw"], "invalid choice: 'raw'"),
    ],
    ids=lambda found: " ".join(found) if isinstance(found, list) else "",
)
def test_that_wrong_calls_are_one_line(
    call: Call, run: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    done = call("export", run, *words)
    assert done.status == 2 and done.out == "" and message in done.err and done.err.count("\n") == 1


def test_that_what_is_no_run_is_refused(call: Call, tmp_path: Path) -> None:
    done = call("export", tmp_path, "--to", "codes")
    assert done.status == 2 and "is not the folder of a run" in done.err
