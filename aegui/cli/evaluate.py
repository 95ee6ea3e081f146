"""``aegui evaluate``: the metrics of a run on disk."""

from __future__ import annotations

import dataclasses
import os
from argparse import Namespace
from typing import Any

import torch

from aegui.analysis.json_text import json_text
from aegui.analysis.metrics import model_metrics, versions
from aegui.cli.foreign import tell_data
from aegui.cli.text import metrics_lines
from aegui.data.catalog import catalog
from aegui.data.dataset import Dataset
from aegui.data.importing.reading import guess
from aegui.data.load import load_dataset
from aegui.data.sources import read_source
from aegui.errors import InvalidInput
from aegui.runs.folder import RunFolder
from aegui.runs.subject import subject_of_run
from aegui.spec import Experiment, Source, normal_changes, replace_all
from aegui.training.device import training_threads


def evaluate(arguments: Namespace) -> int:
    """Prints the metrics of a run, on its own test set or on other data of the same shape."""
    folder = RunFolder.open(arguments.run)
    experiment = folder.experiment()
    tell_data(experiment, arguments.run)
    torch.set_num_threads(training_threads())
    own = load_dataset(experiment.data, experiment.seed)
    dataset = own if arguments.data is None else _other(experiment, own, arguments.data)
    metrics = model_metrics(subject_of_run(folder, dataset, own=own))
    metrics |= {"data": dataset.name, "seed": experiment.seed, "versions": versions()}
    if arguments.json:
        print(json_text(metrics))
    else:
        print(f"{arguments.run} on {dataset.title}:")
        print(*metrics_lines(metrics), sep="\n")
    return 0


def _other(experiment: Experiment, own: Dataset, text: str) -> Dataset:
    """Another data set or a file, with all of its labels, scaled as the run's own was."""
    changes: dict[str, Any] = {"data.source": _source(text), "data.classes": []}
    changes |= normal_changes(experiment.data, ())
    changed = replace_all(experiment, changes)
    other = load_dataset(changed.data, experiment.seed)
    if other.shape != own.shape:
        shapes = ["×".join(map(str, d.shape)) for d in (own, other)]
        raise InvalidInput(f"--data {text}: the run takes samples of {shapes[0]}, {text} has {shapes[1]}")
    declared = all(read_source(data.source).low is not None for data in (experiment.data, changed.data))
    if own.scaling.kind != "unit" or not declared:  # an undeclared range is that of the data themselves
        other = dataclasses.replace(other, scaling=own.scaling, low=own.low, high=own.high)
    return other


def _source(text: str) -> str | Source:
    """A named data set, or else the file or folder of that name."""
    named = any(entry.name == text for entry in catalog())
    return text if named or not os.path.exists(text) else guess(text)
