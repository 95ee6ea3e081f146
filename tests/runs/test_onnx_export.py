"""Networks as ONNX: onnxruntime gives what torch gives."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch

from aegui.__main__ import main
from aegui.data.load import load_dataset
from aegui.errors import InvalidInput, OperationFailed
from aegui.nets.autoencoder import Autoencoder
from aegui.plan import resolve
from aegui.runs import onnx_export
from aegui.runs.folder import RunFolder
from aegui.runs.onnx_export import PACKAGES, export_onnx
from aegui.runs.record import record
from aegui.spec import Activation, Experiment, Layer, loads, variants
from aegui.training.trainer import Trainer

missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
needs_onnx = pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")

CONV = {"kind": "conv", "channels": 3, "kernel": 3}
READING: list[dict[str, Any]] = [
    {**CONV, "activation": "relu"},
    {"kind": "batch-norm", "activation": "elu"},
    {"kind": "layer-norm", "activation": "silu"},
    {"kind": "pool", "size": 2, "how": "max"},
    {"kind": "pool", "size": 2, "how": "mean"},
    {"kind": "dropout", "p": 0.5},
    {"kind": "dense", "units": 6, "activation": "gelu"},
    {"kind": "batch-norm", "activation": "tanh"},
    {"kind": "layer-norm"},
]
GROWING: list[dict[str, Any]] = [
    {"kind": "dense", "units": 8},
    {"kind": "reshape", "channels": 2, "height": 2, "width": 2},
    {"kind": "conv-transposed", "channels": 2, "kernel": 3, "stride": 2},
    {"kind": "upsample", "factor": 2, "how": "bilinear"},
]
CASES: dict[str, dict[str, Any]] = {
    "reading": {"architecture.encoder": READING},
    "growing": {
        "architecture.encoder": [{**CONV, "stride": 2, "activation": "leaky-relu"}],
        "architecture.decoder": GROWING,
    },
    "tied": {"data.source": "wine", "architecture.decoder": "tied", "code.activation": "sigmoid"},
    "variational": {"data.source": "signals", "architecture.encoder": [CONV], "code.variational": True},
}


def written(experiment: Experiment, folder: Path) -> Path:
    """The folder of a run after one step, so that norms have moments of their own."""
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    next(trainer)
    record(trainer).keep(RunFolder.create(experiment, folder))
    return folder


@pytest.fixture
def inputs() -> Iterator[Callable[[Path, Any], list[Any]]]:
    """What onnxruntime makes of samples."""

    def run(path: Path, x: Any) -> list[Any]:
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        return list(session.run(["code", "reconstruction"], {"x": x}))

    yield run


@needs_onnx
@pytest.mark.parametrize("name", CASES)
def test_that_every_kind_of_layer_gives_the_same_numbers(
    tiny: Callable[..., Experiment], tmp_path: Path, inputs: Callable[..., list[Any]], name: str
) -> None:
    experiment = tiny(CASES[name])
    run = written(experiment, tmp_path / "run")
    checked = export_onnx(run, tmp_path / "model.onnx")
    dataset = load_dataset(experiment.data, experiment.seed)
    assert checked.samples == len(dataset.test) and checked.difference < 1e-5
    model = RunFolder.open(run).model(dataset)
    for count in (1, 3, len(dataset.test)):
        x = dataset.scaled(dataset.test, slice(0, count))
        code, reconstruction = inputs(tmp_path / "model.onnx", x)
        with torch.no_grad():
            expected = model.encode(torch.from_numpy(x))
            assert np.allclose(code, expected.numpy(), atol=1e-5)
            assert np.allclose(reconstruction, model.decode(expected).numpy(), atol=1e-5)


def test_that_the_cases_have_every_kind_of_layer(tiny: Callable[..., Experiment]) -> None:
    layers = []
    for changes in CASES.values():
        experiment = tiny(changes)
        layers += resolve(experiment, load_dataset(experiment.data, experiment.seed).facts()).layers
    assert {layer.kind for layer in layers} == set(variants(Layer))
    assert {layer.activation for layer in layers} == set(get_args(Activation))
    assert {"max", "mean", "nearest", "bilinear"} <= {layer.how for layer in layers}
    assert any(layer.tied is not None for layer in layers)


@needs_onnx
def test_that_the_file_says_what_it_is_and_names_no_machine(
    tiny: Callable[..., Experiment], tmp_path: Path
) -> None:
    import onnx

    experiment = tiny({"data.source": "wine", "data.train": 100})
    export_onnx(written(experiment, tmp_path / "run"), tmp_path / "model.onnx")
    model = onnx.load(str(tmp_path / "model.onnx"))
    onnx.checker.check_model(model, full_check=True)
    told = {entry.key: entry.value for entry in model.metadata_props}
    dataset = load_dataset(experiment.data, experiment.seed)
    assert loads(told["experiment"]) == experiment and told["scaling"] == "standard"
    assert json.loads(told["versions"])["torch"] == torch.__version__
    stored = dataset.test.take(slice(0, 5)).astype(np.float64)
    x = (stored - np.array(json.loads(told["shift"]))) * np.array(json.loads(told["factor"]))
    assert np.allclose(x, dataset.scaled(dataset.test, slice(0, 5)), atol=1e-5)
    (given,) = model.graph.input
    assert given.name == "x" and [d.dim_param or d.dim_value for d in given.type.tensor_type.shape.dim] == [
        "samples",
        13,
    ]
    assert str(Path(onnx_export.__file__).parent).encode() not in (tmp_path / "model.onnx").read_bytes()


@needs_onnx
def test_that_the_command_says_how_near_they_are_and_nothing_else(
    tiny: Callable[..., Experiment], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = written(tiny(), tmp_path / "run")
    assert main(["export", str(run), "--to", "onnx"]) == 0
    out, err = capfd.readouterr()
    start = f"{run / 'model.onnx'}: onnxruntime gives what torch gives on 30 test samples; the largest"
    assert out.startswith(start) and out.count("\n") == 1 and err == ""


@needs_onnx
def test_that_a_file_of_other_weights_fails_the_check(
    tiny: Callable[..., Experiment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = written(tiny(), tmp_path / "run")

    def disturbed(self: Autoencoder, code: torch.Tensor) -> torch.Tensor:
        return self.reconstruction(self.logits(code)) + (0.01 if not torch.compiler.is_compiling() else 0.0)

    monkeypatch.setattr(Autoencoder, "decode", disturbed)
    with pytest.raises(OperationFailed, match=r"the reconstruction of the ONNX model differs .* 0\.01"):
        export_onnx(run, tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_that_missing_packages_are_named(
    tiny: Callable[..., Experiment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "onnxruntime" else real(name)
    )
    with pytest.raises(InvalidInput, match=r'onnxruntime, not installed here: pip install "aegui\[onnx\]"'):
        export_onnx(tmp_path, tmp_path / "model.onnx")
