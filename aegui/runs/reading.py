"""What a measured run says of itself, read from its folder without loading the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aegui.analysis.comparison import ComparedRun
from aegui.errors import InvalidInput
from aegui.machine import memory_bytes
from aegui.runs.metrics_file import parse_metrics
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES, METRICS
from aegui.spec import Experiment
from aegui.spec.files import LARGEST_FILE, loads_at
from aegui.writing import located, read_together

_LARGEST = min(2**36, (memory_bytes() or 2**33) // 2)  # bytes of a checkpoint
_LARGEST_METRICS = 2**22  # bytes


def has(run: Path, name: str) -> bool:
    """Whether a run has this file."""
    try:
        return located(run, name).is_file()
    except OSError:
        return False


def read(run: Path, name: str, longest: int = _LARGEST) -> bytes:
    """One file of a run. Raises InvalidInput."""
    return read_files(run, (name,), longest)[name]


def read_files(
    run: Path, names: tuple[str, ...], longest: int = _LARGEST, optional: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """Files of a run, all of the same moment; ``optional`` ones may be missing. Raises InvalidInput."""
    try:
        found = read_together(run, (*names, *optional), longest)
    except (OSError, MemoryError) as error:
        name = getattr(error, "filename", None) or run
        raise InvalidInput(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    for name in names:
        if name not in found:
            raise InvalidInput(f"{run / name}: cannot be read: No such file or directory")
    return found


def read_experiment(run: Path) -> Experiment:
    """What was run. Raises InvalidInput, InvalidExperiment."""
    _check_run(run)
    return loads_at(read(run, EXPERIMENT, LARGEST_FILE), run / EXPERIMENT)


def read_run(path: Path) -> ComparedRun:
    """The experiment and the metrics of the run in a folder. Raises InvalidInput."""
    return ComparedRun(str(path), read_experiment(path), read_metrics(path))


def read_state(run: Path) -> tuple[Experiment, bytes, bytes | None]:
    """What a run can be taken up from: experiment, checkpoint, and its moments if there are any.

    Raises InvalidInput.
    """
    _check_run(run)
    found = read_files(run, (EXPERIMENT, CHECKPOINT), optional=(FRAMES,))
    return loads_at(found[EXPERIMENT], run / EXPERIMENT), found[CHECKPOINT], found.get(FRAMES)


def read_metrics(run: Path) -> dict[str, Any]:
    """What ``metrics.json`` holds of the run in a folder. Raises InvalidInput."""
    path = run / METRICS
    if not has(run, METRICS):
        reason = "is missing: the run has not ended; train it to its end with --resume"
        raise InvalidInput(f"{path}: {reason}")
    try:
        return parse_metrics(read(run, METRICS, _LARGEST_METRICS))
    except ValueError as error:
        raise InvalidInput(f"{path}: {error}") from None


def _check_run(run: Path) -> None:
    if not has(run, EXPERIMENT):
        raise InvalidInput(f"{run}: is not the folder of a run: it has no {EXPERIMENT}")
