"""What a measured run says of itself, read from its folder without loading the network."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from aegui.analysis.comparison import ComparedRun, number
from aegui.errors import InvalidInput
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES, METRICS
from aegui.spec import Experiment, load


def read_run(path: Path) -> ComparedRun:
    """The experiment and the metrics of the run in a folder. Raises InvalidInput."""
    if not os.path.isfile(path / EXPERIMENT):
        raise InvalidInput(f"{path}: is not the folder of a run: it has no {EXPERIMENT}")
    return ComparedRun(str(path), load(path / EXPERIMENT), read_metrics(path))


def read_state(run: Path) -> tuple[Experiment, bytes, bytes | None]:
    """What a run can be taken up from: experiment, checkpoint, and its moments if there are any.

    Raises InvalidInput.
    """
    if not (run / EXPERIMENT).is_file():
        raise InvalidInput(f"{run}: is not the folder of a run: it has no {EXPERIMENT}")
    frames = _bytes(run / FRAMES) if (run / FRAMES).is_file() else None
    return load(run / EXPERIMENT), _bytes(run / CHECKPOINT), frames


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None


def read_metrics(run: Path) -> dict[str, Any]:
    """What ``metrics.json`` holds of the run in a folder. Raises InvalidInput."""
    path = run / METRICS
    try:
        metrics: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        reason = "is missing: the run has not ended; train it to its end with --resume"
        raise InvalidInput(f"{path}: {reason}") from None
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise InvalidInput(f"{path}: is not valid JSON, or is damaged: {error}") from None
    if not isinstance(metrics, dict) or number(metrics, "test.mse") is None:
        raise InvalidInput(f"{path}: holds no test.mse: these are not the metrics of a run")
    return metrics
