"""Runs on disk as points: the code size and the test error of each one that had the same data."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from aegui.analysis.reduction import EarlierRun
from aegui.data.catalog import has_fixed_test
from aegui.errors import AeguiError
from aegui.runs.names import runs_folder
from aegui.runs.reading import read_run
from aegui.spec import Experiment


def earlier_runs(
    like: Experiment, others: Iterable[Path] = (), check: Callable[[], None] = lambda: None
) -> tuple[EarlierRun, ...]:
    """Measured runs on the same data and test samples as another experiment: of the runs folder, and of
    other folders.

    A folder that is damaged, not measured yet or no run at all is left out. ``check`` is called
    before each one, and may raise to end the search.
    """
    found = []
    for path in dict.fromkeys((*_folders(runs_folder()), *others)):
        check()
        run = _read(path, like)
        if run is not None:
            found.append(run)
    return tuple(found)


def _folders(root: Path) -> Sequence[Path]:
    try:
        return sorted(path for path in root.iterdir() if os.path.isdir(path))
    except OSError:  # nothing was written there yet
        return ()


def _read(path: Path, like: Experiment) -> EarlierRun | None:
    try:
        run = read_run(path)
        mse, kind = float(run.metrics["test"]["mse"]), str(run.metrics["type"])
    except (AeguiError, ValueError, KeyError, TypeError):
        return None
    experiment = run.experiment
    other_test = experiment.seed != like.seed and not has_fixed_test(like.data)
    if experiment.data != like.data or other_test or not math.isfinite(mse):
        return None
    return EarlierRun(experiment.title, experiment.code.size, mse, experiment.seed, kind, str(path))
