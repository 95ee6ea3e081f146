"""The report of a run on disk."""

from __future__ import annotations

from pathlib import Path

from aegui.runs.measured import measured_run
from aegui.runs.report.page import page
from aegui.writing import write_atomic


def export_report(run: Path, path: Path) -> int:
    """Writes the report of a run, one file that needs no other; returns its size in bytes.

    Raises InvalidInput and OperationFailed.
    """
    contents = page(measured_run(run)).encode("utf-8", errors="backslashreplace")
    write_atomic(path, contents)
    return len(contents)
