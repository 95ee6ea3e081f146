"""Runs on disk as points: the code size and the test error of each one that had the same data."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from aegui.analysis.reduction import EarlierRun
from aegui.data.catalog import has_fixed_test
from aegui.errors import AeguiError
from aegui.runs.folder import RunFolder, runs_folder
from aegui.runs.names import METRICS
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
        return sorted(path for path in root.iterdir() if path.is_dir())
    except OSError:  # nothing was written there yet
        return ()


def _read(path: Path, like: Experiment) -> EarlierRun | None:
    try:
        experiment = RunFolder.open(path).experiment()
        metrics: Any = json.loads((path / METRICS).read_text(encoding="utf-8"))
        mse, kind = float(metrics["test"]["mse"]), str(metrics["type"])
    except (AeguiError, OSError, ValueError, KeyError, TypeError):
        return None
    other_test = experiment.seed != like.seed and not has_fixed_test(like.data)
    if experiment.data != like.data or other_test or not math.isfinite(mse):
        return None
    return EarlierRun(experiment.title, experiment.code.size, mse, experiment.seed, kind, str(path))
