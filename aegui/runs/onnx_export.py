"""A run as an ONNX model, checked with onnxruntime against the network itself."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import aegui
from aegui.analysis.metrics import versions
from aegui.data.dataset import Dataset, Floats
from aegui.data.load import load_dataset
from aegui.errors import InvalidInput, OperationFailed
from aegui.nets.autoencoder import Autoencoder
from aegui.runs.folder import RunFolder
from aegui.spec import Experiment, dumps
from aegui.writing import write_atomic

PACKAGES = ("onnx", "onnxscript", "onnxruntime")  # the optional dependencies "onnx"
TOLERANCE = 1e-4  # of the largest number that is compared, or of 1 where that is smaller

_CHECKED = 256  # test samples
_OUTPUTS = ("code", "reconstruction")
# Of torch's own exporter, which copies trees with a class that torch itself has deprecated.
_ITS_OWN = r"`isinstance\(treespec, LeafSpec\)` is deprecated"


@dataclass(frozen=True)
class Checked:
    """What the comparison with onnxruntime found."""

    samples: int
    difference: float  # largest absolute one, over code and reconstruction


def export_onnx(run: Path, path: Path) -> Checked:
    """Writes the network of a run: from ``x`` (N, k) in scaled units to ``code`` and ``reconstruction``.

    Nothing is written unless onnxruntime gives the same numbers. Raises InvalidInput, also
    where the optional packages are missing, and OperationFailed.
    """
    _check_packages()
    folder = RunFolder.open(run)
    experiment = folder.experiment()
    dataset = load_dataset(experiment.data, experiment.seed)
    network = _Both(folder.model(dataset))
    data = onnx_bytes(network, experiment, dataset)
    rows = slice(0, min(_CHECKED, len(dataset.test)))
    checked = check_onnx(data, network, dataset.scaled(dataset.test, rows))
    write_atomic(path, data)
    return checked


class _Both(nn.Module):
    """The code, of a variational one its mean, and the reconstruction."""

    def __init__(self, model: Autoencoder) -> None:
        super().__init__()
        self.model = model
        self.eval()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        code = self.model.encode(x)
        return code, self.model.decode(code)


def onnx_bytes(network: nn.Module, experiment: Experiment, dataset: Dataset) -> bytes:
    """The ONNX file of a network (N, k) -> ((N, d), (N, k)), with the facts of its run as metadata."""
    import onnx

    example = torch.zeros(2, dataset.features)
    with _quiet():
        program: Any = torch.onnx.export(
            network,
            (example,),
            dynamo=True,
            verbose=False,
            input_names=["x"],
            output_names=list(_OUTPUTS),
            dynamic_shapes={"x": {0: torch.export.Dim("samples")}},
        )
    model = _without_traces(program.model_proto)
    model.producer_name, model.producer_version = "aegui", aegui.__version__
    model.doc_string = f"{experiment.title.strip() or 'Untitled'}: {dataset.title}"
    onnx.helper.set_model_props(model, _metadata(experiment, dataset))
    contents: bytes = model.SerializeToString()
    return contents


def check_onnx(data: bytes, network: nn.Module, x: Floats) -> Checked:
    """Compares an ONNX file with its network on samples (n, k), together and one alone.

    Raises OperationFailed if they differ by more than ``TOLERANCE``.
    """
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    worst = 0.0
    for samples in (x, x[:1]):
        with torch.no_grad():
            expected = [tensor.numpy() for tensor in network(torch.from_numpy(samples))]
        found = session.run(list(_OUTPUTS), {"x": samples})
        for name, a, b in zip(_OUTPUTS, found, expected, strict=True):
            difference = float(np.abs(a - b).max(initial=0.0))
            limit = TOLERANCE * max(1.0, float(np.abs(b).max(initial=0.0)))
            if not difference <= limit:
                raise OperationFailed(
                    f"the {name} of the ONNX model differs from the network's by up to {difference:.3g},"
                    f" the limit is {limit:.3g}; nothing was written"
                )
            worst = max(worst, difference)
    return Checked(len(x), worst)


def _without_traces(model: Any) -> Any:
    """The model without what the exporter notes of every node: lines of this program, with their paths."""
    graph = model.graph
    parts = (graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer)
    inner = (part for of in model.functions for part in (of, *of.node, *of.value_info))
    for part in (*parts, *inner):
        del part.metadata_props[:]
    return model


def _check_packages() -> None:
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise InvalidInput(
            f'--to onnx: needs {", ".join(missing)}, not installed here: pip install "aegui[onnx]"'
        )


def _metadata(experiment: Experiment, dataset: Dataset) -> dict[str, str]:
    scaling = dataset.scaling
    return {
        "title": experiment.title,
        "experiment": dumps(experiment),
        "data": dataset.title,
        "scaling": scaling.kind,
        "scaling_formula": "x = (stored - shift) * factor",
        "shift": json.dumps(scaling.shift.tolist()),
        "factor": json.dumps(scaling.factor.tolist()),
        "shape": json.dumps(list(dataset.shape)),
        "versions": json.dumps(versions()),
    }


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What the exporter prints of its progress is nobody's output."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)  # or it tells that torchvision is not there, which nobody needs
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.filterwarnings("ignore", _ITS_OWN, FutureWarning)
            yield
    finally:
        log.setLevel(level)
