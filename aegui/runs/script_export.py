"""A run as a script that needs nothing of this program: the code, the data and the weights."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.errors import InvalidInput
from aegui.nets.autoencoder import Autoencoder
from aegui.runs.folder import RunFolder
from aegui.runs.names import METRICS
from aegui.runs.reading import read_metrics
from aegui.runs.script.document import script_source
from aegui.runs.script.model import state_name
from aegui.writing import write_atomic

Arrays = Mapping[str, NDArray[Any]]

SCRIPT, DATA, WEIGHTS = "script.py", "data.npz", "weights.npz"


def export_script(run: Path, folder: Path) -> tuple[str, ...]:
    """Writes the script of a run with its data and weights to a folder; returns the names of the files.

    Raises InvalidInput and OperationFailed.
    """
    if folder.suffix == ".py" or (folder.exists() and not folder.is_dir()):
        raise InvalidInput(f"{folder}: must be a folder for {SCRIPT}, {DATA} and {WEIGHTS}")
    of_run, metrics = RunFolder.open(run), read_metrics(run)
    if "steps" not in metrics:
        raise InvalidInput(f"{run / METRICS}: does not say how many steps the run made; train it again")
    experiment = of_run.experiment()
    dataset = load_dataset(experiment.data, experiment.seed)
    model = of_run.model(dataset)
    source = script_source(experiment, dataset, model, metrics)
    files = {DATA: _packed(_data(dataset)), WEIGHTS: _packed(_weights(model)), SCRIPT: source.encode()}
    for name, contents in files.items():
        write_atomic(folder / name, contents)
    return tuple(files)


def _data(dataset: Dataset) -> Arrays:
    """The samples in their stored type, in the order of the run, and what scales them."""
    arrays: dict[str, NDArray[Any]] = {"shift": dataset.scaling.shift, "factor": dataset.scaling.factor}
    for name, split in (("train", dataset.train), ("test", dataset.test)):
        arrays[name] = split.raw
        if split.labels is not None:
            arrays[f"{name}_labels"] = split.labels
    if dataset.classes:
        arrays["classes"] = np.array(dataset.classes)
    return arrays


def _weights(model: Autoencoder) -> Arrays:
    """The weights by the names that they have in the script."""
    arrays = {state_name(name): value.numpy() for name, value in model.state_dict().items()}
    moments = [name for name in arrays if name.endswith(".running_mean")]
    batches = {name.replace("running_mean", "num_batches_tracked"): np.array(0) for name in moments}
    return arrays | batches


def _packed(arrays: Arrays) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()
