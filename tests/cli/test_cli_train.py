"""``aegui train``: the run that it writes, what it prints, and how a run goes on."""

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

from aegui.data.load import load_dataset
from aegui.spec import Experiment, load, save
from aegui.training.history import history_csv
from aegui.training.tensor_file import pack_tensors
from aegui.training.trainer import Trainer

Call = Callable[..., Any]
DIVERGING = (
    "architecture.encoder=[]",
    "architecture.output=linear",
    "training.optimizer.kind=sgd",
    "training.rate=700",
    "training.epochs=50",
)


def settings(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("--set", pair)]


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_that_a_run_is_written_and_the_last_line_names_its_folder(
    call: Call, file: Path, tmp_path: Path
) -> None:
    done = call("train", file, "--out", tmp_path / "run")
    lines = done.out.splitlines()
    assert done.status == 0 and done.err == ""
    assert lines[-1] == f"Run written to {tmp_path / 'run'}"
    assert [line.split()[1] for line in lines if line.startswith("epoch")] == ["1", "2", "3"]
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert f"test MSE     {metrics['test']['mse']:.6f}" in done.out
    assert f"PCA          {metrics['baselines']['pca_mse']:.6f}" in done.out


def test_that_json_is_a_line_per_epoch_and_the_metrics_last(call: Call, file: Path, tmp_path: Path) -> None:
    done = call("train", file, "--json", "--out", tmp_path / "run", *settings("penalty.code.kind=l1"))
    *epochs, metrics = json_lines(done.out)
    assert done.status == 0 and done.err == f"{tmp_path / 'run'}\n"
    assert [e["epoch"] for e in epochs] == [1, 2, 3] and [e["step"] for e in epochs] == [4, 8, 12]
    for epoch in epochs:
        assert epoch.keys() == {"epoch", "step", "train", "test", "samples_per_second"}
        for split in ("train", "test"):
            assert list(epoch[split]) == ["mse", "code_l1", "total"]
            assert epoch[split]["total"] == pytest.approx(epoch[split]["mse"] + epoch[split]["code_l1"])
    assert metrics == json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert metrics["test"]["mse"] == pytest.approx(epochs[-1]["test"]["mse"], rel=1e-6)


def test_that_a_preset_is_an_experiment_and_settings_change_it(call: Call, runs: Path) -> None:
    small = ("data.source=digits", "data.train=60", "data.test=20", "training.epochs=1")
    more = ('architecture.encoder=[{kind="dense",units=5}]', "code.size=4", "noise.p=0.5", "title=Mine")
    done = call("train", "sparse-denoising", *settings(*small, *more))
    assert done.status == 0
    (folder,) = runs.iterdir()
    assert done.out.splitlines()[-1].endswith(str(folder)) and folder.name.endswith("-mine")
    written = load(folder / "experiment.toml")
    assert written.code.size == 4 and written.noise.p == 0.5  # type: ignore[union-attr]
    assert [layer.units for layer in written.architecture.encoder] == [5]
    assert written.penalty.code.kind == "l1"


def test_that_the_same_file_gives_the_same_history_and_weights_twice(
    call: Call, file: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        call("train", file, "--out", tmp_path / name, *settings("noise.kind=gaussian"))
    for part in ("history.csv", "weights.safetensors", "experiment.toml"):
        assert (tmp_path / "one" / part).read_bytes() == (tmp_path / "two" / part).read_bytes()


def test_that_a_folder_with_another_run_is_refused(call: Call, file: Path, tmp_path: Path) -> None:
    call("train", file, "--out", tmp_path / "run")
    before = (tmp_path / "run" / "history.csv").read_bytes()
    done = call("train", file, "--out", tmp_path / "run", *settings("seed=1"))
    assert done.status == 2 and "holds another run; continue it with --resume" in done.err
    assert (tmp_path / "run" / "history.csv").read_bytes() == before


def test_that_a_finished_run_can_be_made_longer(call: Call, file: Path, tmp_path: Path) -> None:
    longer = settings("training.epochs=5")
    call("train", file, "--out", tmp_path / "run")
    done = call("train", file, "--out", tmp_path / "run", "--resume", *longer)
    assert done.status == 0 and "epoch   4" in done.out and "epoch   3" not in done.out
    call("train", file, "--out", tmp_path / "whole", *longer)
    for part in ("history.csv", "weights.safetensors", "experiment.toml"):
        assert (tmp_path / "run" / part).read_bytes() == (tmp_path / "whole" / part).read_bytes()


def test_that_a_live_setting_may_change_when_a_run_goes_on(call: Call, file: Path, tmp_path: Path) -> None:
    call("train", file, "--out", tmp_path / "run")
    changed = settings("training.epochs=4", "training.rate=0.5")
    assert call("train", file, "--out", tmp_path / "run", "--resume", *changed).status == 0
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert metrics["live_changes"] == [{"step": 12, "path": "training.rate", "value": 0.5}]


def test_that_a_run_of_another_structure_cannot_go_on(call: Call, file: Path, tmp_path: Path) -> None:
    call("train", file, "--out", tmp_path / "run")
    done = call("train", file, "--out", tmp_path / "run", "--resume", *settings("code.size=5", "seed=2"))
    lines = done.err.splitlines()
    assert done.status == 2 and len(lines) == 2
    assert all(
        "differs from the run in --out; only live settings and training.epochs may" in e for e in lines
    )
    assert ["code.size" in done.err, "seed" in done.err] == [True, True]


def test_that_going_on_needs_a_run(call: Call, file: Path, tmp_path: Path) -> None:
    assert "name the folder of the run with --out" in call("train", file, "--resume").err
    done = call("train", file, "--resume", "--out", tmp_path / "none")
    assert done.status == 2 and "is not the folder of a run" in done.err


def test_that_a_damaged_checkpoint_is_one_line(call: Call, file: Path, tmp_path: Path) -> None:
    call("train", file, "--out", tmp_path / "run")
    path = tmp_path / "run" / "checkpoint" / "state.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    done = call("train", file, "--resume", "--out", tmp_path / "run")
    assert done.status == 2 and done.err.startswith(f"aegui: {path}: is not") and done.err.count("\n") == 1


def test_that_a_run_that_diverges_is_written_and_says_what_to_lower(
    call: Call, file: Path, tmp_path: Path
) -> None:
    done = call("train", file, "--json", "--out", tmp_path / "run", *settings(*DIVERGING))
    assert done.status == 1
    error = done.err.splitlines()[-1]
    assert error.startswith("aegui: training.rate: the loss is no longer a finite number at step")
    assert error.endswith("lower training.rate, now 700")
    metrics = json_lines(done.out)[-1]
    assert metrics == json.loads((tmp_path / "run" / "metrics.json").read_text())
    again = call("train", file, "--resume", "--out", tmp_path / "run", *settings(*DIVERGING))
    assert again.status == 2 and "its run diverged at step" in again.err and again.out == ""


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "aegui", *(str(word) for word in words)]


@pytest.mark.skipif(os.name != "posix", reason="signals to another process")
def test_that_an_interrupted_run_goes_on_bitwise(
    call: Call, tiny: Callable[..., Experiment], tmp_path: Path
) -> None:
    file, out = tmp_path / "long.toml", tmp_path / "run"
    changes = {"data.train": None, "training.batch": 8, "training.epochs": 12}
    experiment = tiny(changes | {"noise.kind": "masking", "code.variational": True})
    save(experiment, file)
    process = subprocess.Popen(
        command("train", file, "--json", "--out", out),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.startswith("interrupted at step ") and err.endswith(f"go on with --resume --out {out}\n")
    done_epochs = len(json_lines(first + rest))
    assert done_epochs < 12 and not (out / "metrics.json").exists()
    again = call("train", file, "--json", "--resume", "--out", out)
    assert again.status == 0 and len(json_lines(again.out)) == 12 - done_epochs + 1
    whole = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    for _ in whole:
        pass
    assert (out / "history.csv").read_text() == history_csv(whole.history.curves())
    assert (out / "weights.safetensors").read_bytes() == pack_tensors(whole.model.state_dict())


def test_that_the_demonstration_without_a_display_says_so_first(tmp_path: Path) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY")
    environment = {k: v for k, v in os.environ.items() if k not in hidden} | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command("demo", "--epochs", "1", "--out", tmp_path / "run"),
        capture_output=True,
        check=False,
        text=True,
        env=environment,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == ""
    assert lines[0] == "No display: training in the terminal."
    assert lines[1].startswith("epoch   1") and lines[-1] == f"Run written to {tmp_path / 'run'}"
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert metrics["baselines"]["noisy_mse"] == pytest.approx(0.11572, rel=2e-3)
    assert metrics["baselines"]["pca_mse"] == pytest.approx(0.009049, rel=1e-3)
    assert metrics["test"]["mse"] < metrics["baselines"]["noisy_mse"] / 2
    figures = {p.name for p in (tmp_path / "run" / "figures").iterdir()}
    assert figures == {"loss.png", "pictures.png", "latent.png"}


def test_that_damaged_moments_do_not_keep_a_run_from_going_on(call: Call, file: Path, tmp_path: Path) -> None:
    assert call("train", file, "--out", tmp_path / "run").status == 0
    frames = tmp_path / "run" / "checkpoint" / "frames.safetensors"
    frames.write_bytes(frames.read_bytes()[:-9])
    done = call("train", file, "--resume", "--out", tmp_path / "run", *settings("training.epochs=5"))
    assert done.status == 0 and "Run written to" in done.out
    assert done.err.startswith(f"aegui: warning: earlier moments cannot be replayed: {frames}: is not")
