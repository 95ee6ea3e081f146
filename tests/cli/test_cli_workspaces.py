"""The tabs of the window without a window: the same numbers, in JSON or as an outline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aegui.__main__ import main
from aegui.analysis.looking.reports import REPORTS
from aegui.cli.arguments import WORKSPACES
from aegui.runs.folder import RunFolder
from aegui.runs.record import record
from aegui.training.trainer import Trainer


@pytest.fixture
def run(trainer_of: Callable[..., Trainer], runs: Path) -> Path:
    trainer = trainer_of({"noise.kind": "gaussian"})
    for _ in trainer:
        pass
    record(trainer).write(RunFolder.create(trainer.experiment, runs / "run"))
    return runs / "run"


def test_that_every_workspace_can_be_asked_for() -> None:
    assert tuple(REPORTS) == WORKSPACES


@pytest.mark.parametrize("name", WORKSPACES)
def test_that_a_workspace_prints_its_numbers(
    run: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["evaluate", str(run), "--workspace", name, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found
    assert main(["evaluate", str(run), "--workspace", name]) == 0
    outline = capsys.readouterr().out.splitlines()
    assert outline[0] == f"{name} of {run}:" and len(outline) > len(found) / 2


def test_that_the_numbers_are_those_of_the_metrics(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    metrics = json.loads((run / "metrics.json").read_text())
    main(["evaluate", str(run), "--workspace", "reduction", "--json"])
    reduction = json.loads(capsys.readouterr().out)
    assert reduction["autoencoder_test_mse"] == pytest.approx(metrics["test"]["mse"], rel=1e-6)
    assert reduction["pca_test_mse"] == pytest.approx(metrics["baselines"]["pca_mse"], rel=1e-9)
    main(["evaluate", str(run), "--workspace", "features", "--json"])
    features = json.loads(capsys.readouterr().out)
    for name, value in metrics["probe"].items():
        assert features["accuracy"]["probe"][name] == pytest.approx(value)


def test_that_other_data_and_other_words_are_refused(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(run), "--workspace", "inside", "--data", "digits"]) == 2
    assert "--data: means nothing with --workspace" in capsys.readouterr().err
    assert main(["evaluate", str(run), "--workspace", "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err
