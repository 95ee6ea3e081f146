"""Reads every run of a folder: a damaged one never hides the others."""

from __future__ import annotations

import csv
import io
import json
from array import array
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from aegui.analysis.run_list import ListedRun, LossCurve, Notes, RunList, Unread
from aegui.errors import AeguiError, InvalidInput
from aegui.runs.names import EXPERIMENT, HISTORY, METRICS, NOTES
from aegui.runs.reading import has, read_experiment, read_metrics
from aegui.writing import located, read_plain, write_atomic

_LONGEST = 2**16  # bytes of notes that are read
_LONGEST_HISTORY = 2**24  # bytes, a hundred thousand epochs
_LATEST = 253_402_300_799.0  # the last second of the year 9999
_MOST_TOLD = 5  # problems of a run that cannot be read

Check = Callable[[int, int], None]  # runs read and runs in all; may raise to end the search


def list_runs(folder: Path, check: Check = lambda _done, _total: None) -> RunList:
    """The runs in the folders of ``folder``, the newest first. None of them is changed."""
    try:
        paths = [p for p in folder.iterdir() if not p.name.startswith(".") and has(p, EXPERIMENT)]
    except OSError:  # nothing was written there yet
        return RunList(folder)
    runs, unread = [], []
    for number, path in enumerate(paths):
        check(number, len(paths))
        try:
            runs.append(read_listed(path))
        except AeguiError as error:
            unread.append(Unread(path, "; ".join(error.lines[:_MOST_TOLD])))
    return RunList(folder, tuple(sorted(runs, key=lambda run: -run.when)), tuple(unread))


def read_listed(path: Path) -> ListedRun:
    """One run. Raises InvalidInput if it has no readable experiment."""
    experiment = read_experiment(path)
    try:
        metrics = read_metrics(path) if has(path, METRICS) else {}
    except InvalidInput:  # the rest is of use without them
        metrics = {}
    return ListedRun(path, _changed(path), experiment, metrics, read_curve(path), read_notes(path))


def _changed(path: Path) -> float:
    times = []
    for name in (EXPERIMENT, HISTORY):
        try:
            times.append(located(path, name).stat().st_mtime)
        except OSError:
            continue
    return min(max(times, default=0.0), _LATEST)


def read_curve(run: Path) -> LossCurve:
    """The reconstruction loss on the test set, from ``history.csv``; empty where that cannot be read."""
    try:
        text = read_plain(located(run, HISTORY), _LONGEST_HISTORY).decode("utf-8")
        rows = csv.reader(io.StringIO(text, newline=""))
        head = next(rows)
        term, split, epoch = head[3], head.index("split"), head.index("epoch")
        epochs, values = array("q"), array("d")
        for row in rows:
            if row and row[split] == "test":
                epochs.append(int(row[epoch]))
                values.append(float(row[3]))
    except (OSError, ValueError, OverflowError, IndexError, StopIteration, csv.Error):
        return LossCurve()
    if not term.isidentifier() or any(b <= a for a, b in pairwise((-1, *epochs))):
        return LossCurve()
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite
        return LossCurve(term, np.array(epochs, np.int64), np.array(values).astype(np.float32))


def read_notes(run: Path) -> Notes:
    """What was written about a run; nothing where that cannot be read."""
    try:
        found = json.loads(read_plain(run / NOTES, _LONGEST))
        return Notes(tuple(str(tag) for tag in found["tags"]), str(found["note"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Notes()


def write_notes(run: Path, tags: Sequence[str], note: str) -> None:
    """Keeps tags and a note beside a run. Raises OperationFailed."""
    text = json.dumps({"tags": list(tags), "note": note}, ensure_ascii=False, indent=2)
    write_atomic(run / NOTES, (text + "\n").encode())
