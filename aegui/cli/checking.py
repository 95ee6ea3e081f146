"""``aegui data check``: every problem of an experiment file at once, or what a file of data holds."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aegui.cli.text import plain_problems, shape_words
from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.errors import InvalidExperiment, InvalidInput, Problem
from aegui.machine import memory_bytes
from aegui.plan import Plan, resolve
from aegui.spec import Experiment, load
from aegui.spec.files import load_data

_EXPERIMENT = "experiment.toml"  # in the folder of a run
_INVALID = 2


@dataclass(frozen=True)
class _Fine:
    """What an experiment without problems comes to."""

    experiment: Experiment
    dataset: Dataset
    plan: Plan


def check(path: Path, *, as_json: bool) -> int:
    """Checks an experiment file, the folder of a run, or data. Raises InvalidInput with every problem."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidInput(f"{path}: there is no such file or folder") from None
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None
    run = path / _EXPERIMENT
    if path.suffix.lower() == ".toml" and path.is_file():
        return _experiment(path, as_json=as_json)
    if os.path.isfile(run):
        return _experiment(run, as_json=as_json)
    from aegui.cli.checking_data import check_data

    return check_data(path, as_json=as_json)


def _experiment(path: Path, *, as_json: bool) -> int:
    try:
        found = _resolved(path)
    except InvalidInput as error:
        if not as_json:
            raise
        print(json.dumps({"file": str(path), "fine": False, "problems": plain_problems(error)}))
        return _INVALID
    if as_json:
        print(json.dumps({"file": str(path), "fine": True, "problems": [], **_facts(found)}))
        return 0
    for warning in found.plan.warnings:
        print(f"aegui: warning: {path}: {warning}", file=sys.stderr)
    print(f"{path}: fine")
    print(f"  {found.plan.type}, {found.plan.parameters:,} parameters, code of {found.experiment.code.size}")
    print(f"  {_data_line(found.dataset)}")
    return 0


def _resolved(path: Path) -> _Fine:
    """Raises InvalidExperiment with the problems of the values and the data, or else those of the plan.

    InvalidInput if the file cannot be read.
    """
    problems: list[Problem] = []
    dataset = None
    try:
        experiment = load(path)
    except InvalidExperiment as error:
        problems += error.problems
    try:
        # The data are read even where another part of the file is wrong, so that all is told at once.
        dataset = load_dataset(load_data(path), 0 if problems else experiment.seed)
    except InvalidExperiment as error:
        problems += [problem for problem in error.problems if problem not in problems]
    if problems or dataset is None:
        raise InvalidExperiment(problems, str(path))
    plan = resolve(experiment, dataset.facts(memory_bytes()))
    if plan.problems:
        raise InvalidExperiment(plan.problems, str(path))
    return _Fine(experiment, dataset, plan)


def _data_line(dataset: Dataset) -> str:
    shape = shape_words(dataset.shape, dataset.layout)
    classes = f", {len(dataset.classes)} classes" if dataset.classes else ""
    return (
        f"{dataset.title}: {len(dataset.train):,} training and {len(dataset.test):,} test samples,"
        f" {shape}{classes}, scaled to {dataset.low:.3g}..{dataset.high:.3g}"
    )


def _facts(found: _Fine) -> dict[str, Any]:
    dataset = found.dataset
    return {
        "title": found.experiment.title,
        "type": found.plan.type,
        "parameters": found.plan.parameters,
        "warnings": plain_problems(found.plan.warnings),
        "data": {
            "name": dataset.name,
            "title": dataset.title,
            "shape": list(dataset.shape),
            "train": len(dataset.train),
            "test": len(dataset.test),
            "classes": list(dataset.classes),
            "range": [dataset.low, dataset.high],
        },
    }
