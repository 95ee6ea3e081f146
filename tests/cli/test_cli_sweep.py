"""``aegui sweep``: a row for each code size, the same numbers as a run of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]


def test_that_every_size_has_a_row(call: Call, file: Path) -> None:
    done = call("sweep", file, "--sizes", "2, 4-5")
    head, *rows, last = done.out.splitlines()
    assert done.status == 0 and done.err == ""
    assert head.split() == ["size", "autoencoder", "PCA", "parameters", "seconds"]
    assert [row.split()[0] for row in rows] == ["2", "4", "5"]
    assert last == "Mean squared errors on 30 test samples of Digits 8×8"


def test_that_a_size_has_the_numbers_of_a_run(call: Call, file: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in call("sweep", file, "--sizes", "2,5", "--json").out.splitlines()]
    assert [row["code_size"] for row in rows] == [2, 5]
    call("train", file, "--set", "code.size=5", "--out", tmp_path / "run")
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert rows[1]["autoencoder_test_mse"] == metrics["test"]["mse"]
    assert rows[1]["pca_test_mse"] == pytest.approx(metrics["baselines"]["pca_mse"], rel=1e-9)
    assert rows[1]["parameters"] == metrics["parameters"] and rows[1]["steps"] == metrics["steps"]


def test_that_settings_change_what_is_swept(call: Call, file: Path) -> None:
    done = call("sweep", file, "--sizes", "2", "--set", "training.epochs=1", "--json")
    assert json.loads(done.out)["epochs"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--sizes", "2,x"), "x is neither a whole number nor a range"),
        (("--sizes", "0"), "at least 1, got 0"),
        ((), "the following arguments are required: --sizes"),
        (("--sizes", "2", "--set", "penalty.code.kind=kl"), "(code size 2)"),
    ],
)
def test_that_what_cannot_be_swept_is_wrong_input(
    call: Call, file: Path, words: tuple[str, ...], told: str
) -> None:
    done = call("sweep", file, *words)
    assert done.status == 2 and done.out == "" and told in done.err


def test_that_a_size_that_diverges_is_told_and_has_no_error(call: Call, file: Path) -> None:
    wild = ("architecture.encoder=[]", "architecture.output=linear", "training.optimizer.kind=sgd")
    wild += ("training.rate=700", "training.epochs=50")
    done = call("sweep", file, "--sizes", "2", *(word for pair in wild for word in ("--set", pair)))
    assert done.status == 0 and done.out.splitlines()[1].split()[:2] == ["2", "-"]
    assert "aegui: d = 2: stopped after epoch" in done.err and "no longer finite" in done.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_that_control_c_keeps_the_rows_and_gives_130(file: Path) -> None:
    words = ["sweep", str(file), "--sizes", "1-64", "--set", "training.epochs=40", "--json"]
    call = [sys.executable, "-m", "aegui", *words]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as done:
        assert done.stdout is not None
        assert json.loads(done.stdout.readline())["code_size"] == 1
        done.send_signal(signal.SIGINT)
        rest = done.stdout.read()
        assert done.wait(timeout=60) == 130 and len(rest.splitlines()) < 63
