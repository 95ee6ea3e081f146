"""The script of a run, run alone, gives the run's numbers."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aegui.data.load import load_dataset
from aegui.errors import InvalidInput
from aegui.runs.folder import RunFolder
from aegui.runs.record import record
from aegui.runs.script import document
from aegui.runs.script_export import export_script
from aegui.spec import Experiment, replace
from aegui.training import kept_noise
from aegui.training.trainer import Trainer

CONV = {"kind": "conv", "channels": 3, "kernel": 3}
PICTURES = [
    {**CONV, "stride": 2, "activation": "elu"},
    {"kind": "batch-norm", "activation": "leaky-relu"},
    {"kind": "pool", "size": 2, "how": "mean"},
    {"kind": "dense", "units": 9, "activation": "gelu"},
    {"kind": "layer-norm"},
]
GROWING = [
    {"kind": "dense", "units": 8, "activation": "silu"},
    {"kind": "reshape", "channels": 2, "height": 2, "width": 2},
    {"kind": "conv-transposed", "channels": 3, "kernel": 3, "stride": 2, "activation": "relu"},
    {"kind": "layer-norm", "activation": "tanh"},
    {"kind": "upsample", "factor": 2, "how": "bilinear"},
]
DROPPING = [
    {"kind": "dropout", "p": 0.2},
    {"kind": "dense", "units": 8, "activation": "tanh"},
    {"kind": "batch-norm"},
]
CASES: dict[str, dict[str, Any]] = {
    "mixed precision": {"training.precision": "mixed", "code.variational": True, "training.loss": "bce"},
    "denoising": {"noise.kind": "gaussian"},
    "not clipped": {"noise": {"kind": "gaussian", "sigma": 0.2, "clip": False}, "training.loss": "mae"},
    "no hidden layer": {"architecture.encoder": [], "code.activation": "relu", "noise.kind": "masking"},
    "convolutional": {"architecture.encoder": PICTURES, "noise.kind": "blur"},
    "own decoder": {"architecture.encoder": [CONV], "architecture.decoder": GROWING, "noise.kind": "block"},
    "pool and mirror": {"architecture.encoder": [CONV, {"kind": "pool", "size": 2}]},
    "sparse": {
        "penalty.code": {"kind": "kl", "weight": 0.1, "rho": 0.1},
        "code.activation": "sigmoid",
        "training.loss": "bce",
    },
    "sparse l1": {"penalty.code": {"kind": "l1", "weight": 0.01}, "training.schedule.kind": "step"},
    "contractive": {
        "penalty.jacobian": 0.05,
        "architecture.encoder": DROPPING[:2],
        "noise.kind": "speckle",
    },
    "contractive, closed form": {
        "penalty.jacobian": 0.05,
        "architecture.encoder": [],
        "code.activation": "sigmoid",
    },
    "variational": {"code.variational": True, "code.beta": 0.5, "architecture.encoder": DROPPING},
    "variational, free": {"code.variational": True, "code.beta": 0.0, "architecture.encoder": [CONV]},
    "tied": {
        "architecture.decoder": "tied",
        "training.optimizer": {"kind": "adamw", "decay": 0.1},
        "training.schedule": {"kind": "cosine", "final": 0.1},
        "training.clip_norm": 0.05,
        "penalty.weights_l1": 1e-4,
        "penalty.weights_l2": 1e-4,
    },
    "one cycle": {
        "training.optimizer": {"kind": "sgd", "momentum": 0.8, "nesterov": True},
        "training.schedule.kind": "one-cycle",
        "training.rate": 0.1,
        "penalty.code": {"kind": "l2", "weight": 0.01},
    },
    "photons": {
        "noise.kind": "poisson",
        "training.optimizer.kind": "rmsprop",
        "training.loss": "huber",
        "training.epochs": 2,
    },
    "one sample left": {"data.train": 97, "architecture.encoder": [CONV, {"kind": "batch-norm"}, *DROPPING]},
    "stopped early": {"training.target_loss": 10.0, "noise.kind": "salt-pepper", "seed": 7},
    "signals": {"data.source": "signals", "architecture.encoder": [CONV], "noise.kind": "block"},
    "table": {"data.source": "wine", "data.train": None, "noise.kind": "gaussian"},
    "points": {"data.source": "swiss-roll"},
}

# Runs scripts with a wall around this program.
DRIVER = """
import contextlib, io, json, runpy, sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("aegui", "pydantic", "PySide6"):
            raise ImportError(f"{name} is behind the wall")

sys.meta_path.insert(0, Wall())
found = {}
for path in sys.argv[1:]:
    for mode in ((), ("--weights",)):
        sys.argv = [path, *mode]
        with contextlib.redirect_stdout(io.StringIO()) as out:
            runpy.run_path(path, run_name="__main__")
        line = next(line for line in out.getvalue().splitlines() if line.startswith("test MSE "))
        found.setdefault(path, []).append(float(line.removeprefix("test MSE ")))
assert "aegui" not in sys.modules
print(json.dumps(found))
"""


def written(experiment: Experiment, folder: Path) -> Path:
    """The folder of a run that has come to its end."""
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    for _ in trainer:
        pass
    return kept(trainer, folder)


def kept(trainer: Trainer, folder: Path) -> Path:
    """What a script is made of."""
    run, found = RunFolder.create(trainer.experiment, folder), record(trainer)
    found.keep(run)
    found.measure(run, probe=False)
    return folder


@pytest.fixture(scope="module")
def runs_of(tiny: Callable[..., Experiment], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run of every case, with its script in the folder ``script`` of the run."""
    folder = tmp_path_factory.mktemp("scripts")
    found = {}
    for i, (name, changes) in enumerate(CASES.items()):
        found[name] = written(tiny(changes), folder / str(i))
        export_script(found[name], found[name] / "script")
    return found


@pytest.fixture(scope="module")
def numbers(runs_of: dict[str, Path]) -> dict[str, list[float]]:
    """The test MSE that each script prints, trained and with the weights."""
    scripts = {name: str(run / "script" / "script.py") for name, run in runs_of.items()}
    command = [sys.executable, "-I", "-W", "error", "-c", DRIVER, *scripts.values()]
    done = subprocess.run(command, cwd="/", capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return {name: found[path] for name, path in scripts.items()}


@pytest.mark.parametrize("name", CASES)
def test_that_training_and_weights_both_give_the_test_mse_of_the_run(
    runs_of: dict[str, Path], numbers: dict[str, list[float]], name: str
) -> None:
    mse = json.loads((runs_of[name] / "metrics.json").read_text())["test"]["mse"]
    assert numbers[name] == pytest.approx([mse, mse], rel=1e-6)


def test_that_scripts_are_clean(runs_of: dict[str, Path]) -> None:
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    scripts = [run / "script" / "script.py" for run in runs_of.values()]
    style = ["--isolated", "--line-length=110"]
    for command in (["check", "--select=E,F,W,I,B,SIM", *style], ["format", "--diff", *style]):
        done = subprocess.run([ruff, *command, *scripts], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_that_it_says_how_near_it_came(runs_of: dict[str, Path], tmp_path: Path) -> None:
    script = runs_of["denoising"] / "script" / "script.py"
    command = [sys.executable, "-I", str(script), "--weights"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("test MSE 0.") and "relative difference 0.0e+00" in second and done.stderr == ""


def test_that_a_large_test_set_has_its_noise_in_blocks(
    tiny: Callable[..., Experiment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (kept_noise, document):
        monkeypatch.setattr(module, "LARGEST", 0)
        monkeypatch.setattr(module, "BLOCK", 7)
    run = written(tiny({"noise.kind": "gaussian", "training.epochs": 1}), tmp_path / "run")
    export_script(run, tmp_path / "script")
    command = [sys.executable, "-I", str(tmp_path / "script" / "script.py"), "--weights"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "relative difference 0.0e+00" in done.stdout


def test_that_it_says_what_it_cannot_repeat(tiny: Callable[..., Experiment], tmp_path: Path) -> None:
    experiment = tiny({"title": 'A "title" \\ with """ quotes', "training.target_loss": 10.0})
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    next(trainer)
    trainer.apply(replace(experiment, "training.rate", 0.002))
    for _ in trainer:
        pass
    export_script(kept(trainer, tmp_path / "run"), tmp_path / "script")
    text = (tmp_path / "script" / "script.py").read_text(encoding="utf-8")
    compile(text, "script.py", "exec")
    flat = " ".join(text.split())
    assert "Settings were changed while the run trained (training.rate at step 1)" in flat
    assert "The run was over before its last epoch: the test loss has reached its target of 10." in flat


def test_that_a_file_is_no_place_for_it(runs_of: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="must be a folder for script"):
        export_script(runs_of["denoising"], tmp_path / "mine.py")
