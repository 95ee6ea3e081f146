"""What is written of a run on request, for other programs."""

from __future__ import annotations

from pathlib import Path

import torch

from aegui.analysis.code_table import CodeTable, Input, check_suffix, write_table
from aegui.analysis.coding import code_table
from aegui.runs.folder import RunFolder
from aegui.runs.subject import subject_of_run
from aegui.training.device import training_threads


def export_codes(run: Path, path: Path, seen: Input = "clean") -> CodeTable:
    """Writes the codes of every sample of a run, as CSV, NPZ or Parquet by the suffix of ``path``.

    ``seen``: whether the network is given the clean samples or those with the experiment's
    noise. Raises InvalidInput and OperationFailed.
    """
    check_suffix(path)  # before anything long is done
    folder = RunFolder.open(run)
    torch.set_num_threads(training_threads())
    table = code_table(subject_of_run(folder), seen)
    write_table(table, path)
    return table
