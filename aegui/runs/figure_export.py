"""The figures of a run for a paper: every one as PNG, SVG and PDF."""

from __future__ import annotations

from pathlib import Path

from aegui.errors import InvalidInput
from aegui.runs.figure_file import FORMATS
from aegui.runs.figures import figure_files
from aegui.runs.measured import measured_run
from aegui.writing import write_atomic


def export_figures(run: Path, folder: Path) -> tuple[str, ...]:
    """Draws every figure of a run into a folder; returns the names of the files.

    Raises InvalidInput and OperationFailed.
    """
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder}: must be a folder for several figures, is a file")
    found = measured_run(run)
    files = figure_files(found.snapshot, found.dataset, found.metrics, FORMATS)
    for name, contents in files.items():
        write_atomic(folder / name, contents)
    return tuple(files)
