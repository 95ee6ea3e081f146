"""Folders of runs that somebody has damaged, mixed up or made up, one way each.

``SPOILT`` has a function for every way; it is given the folder of a run that is whole, and of another one.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import torch

from aegui.data.dataset import Dataset
from aegui.runs.folder import RunFolder
from aegui.runs.record import record
from aegui.spec import Experiment
from aegui.training.frames import Frames
from aegui.training.trainer import Trainer

Spoil = Callable[[Path, Path], object]

EXPERIMENT, METRICS, HISTORY, NOTES = "experiment.toml", "metrics.json", "history.csv", "notes.json"
WEIGHTS, CHECKPOINT = "weights.safetensors", "checkpoint/state.safetensors"
FRAMES, JOURNAL = "checkpoint/frames.safetensors", ".together.json"
FILES = (EXPERIMENT, METRICS, HISTORY, NOTES, WEIGHTS, CHECKPOINT, FRAMES, JOURNAL)
POSIX = hasattr(os, "mkfifo")
TOUCHED = "unpickled"  # the file that a pickle makes if it is loaded


def whole_runs(folder: Path, tiny: Callable[..., Experiment], dataset: Dataset) -> tuple[Path, Path]:
    """A run that is whole, and one of another experiment."""
    for name, changes in (("run", {}), ("other", {"code.size": 5, "training.loss": "bce"})):
        trainer, frames = Trainer(tiny(changes), dataset), Frames()
        for _ in trainer:
            frames.offer(trainer)
        with RunFolder.create(trainer.experiment, folder / name) as run:
            found = record(trainer, frames)
            found.keep(run)
            found.measure(run, probe=False)
    return folder / "run", folder / "other"


class Evil:
    """Whoever unpickles it makes a file."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return open, (self._path, "w")


def put(name: str, content: bytes | str) -> Spoil:
    """Other contents for one file."""
    data = content if isinstance(content, bytes) else content.encode()
    return lambda run, _other: _gone(run / name) or (run / name).write_bytes(data)


def pickled(name: str, *, by_torch: bool) -> Spoil:
    """A pickle that makes a file beside the run when it is loaded."""

    def spoil(run: Path, _other: Path) -> None:
        evil = Evil(str(run.parent / TOUCHED))
        out = io.BytesIO()
        torch.save({"model.code.weight": evil}, out) if by_torch else pickle.dump(evil, out)
        put(name, out.getvalue())(run, run)

    return spoil


def swapped(name: str) -> Spoil:
    """The file of another run."""

    def spoil(run: Path, other: Path) -> None:
        _gone(run / name)
        shutil.copy(other / name, run / name)

    return spoil


def instead(name: str, make: Callable[[Path], object]) -> Spoil:
    """Something that is no file."""
    return lambda run, _other: _gone(run / name) or make(run / name)


def cut(name: str, share: float) -> Spoil:
    """The first part of a file."""

    def spoil(run: Path, _other: Path) -> None:
        data = (run / name).read_bytes() if (run / name).exists() else b""
        put(name, data[: int(share * len(data))])(run, run)

    return spoil


def flipped(name: str, share: float) -> Spoil:
    """One bit of a file turned over."""

    def spoil(run: Path, _other: Path) -> None:
        data = bytearray((run / name).read_bytes() if (run / name).exists() else b"\0")
        data[int(share * (len(data) - 1))] ^= 4
        put(name, bytes(data))(run, run)

    return spoil


def _gone(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(5 * 2**30)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _of_metrics(**changes: object) -> str:
    return json.dumps({"test": {"mse": 0.1}, "type": "x", "steps": 3} | changes)


_CONTENTS = {
    "empty": b"",
    "one NUL": b"\0",
    "noise": bytes(range(256)) * 40,
    "UTF-16": 'title = "a"'.encode("utf-16"),
    "deep list": b"[" * 100_000,
    "deep table": b'{"a":' * 100_000,
    "null": b"null",
    "a number": b"9" * 5000,
    "HTML": b"<html>",
    "a huge header": (2**63).to_bytes(8, "little") + b"{}",
}
_METRICS = {
    "NaN": '{"test": {"mse": NaN}, "type": "x"}',
    "infinite": '{"test": {"mse": 1e999}, "type": "x"}',
    "four thousand digits": '{"test": {"mse": ' + "9" * 4000 + '}, "type": "x"}',
    "text for a number": _of_metrics(test={"mse": "0.1"}),
    "true for a number": _of_metrics(test={"mse": True}),
    "a list for a table": _of_metrics(baselines=[1]),
    "deep": _of_metrics(timing={"train_seconds": [[1]]}),
    "a table for a word": _of_metrics(type={"a": 1}),
    "lines for a word": _of_metrics(type="a\n\x1b[2J"),
    "a long word": _of_metrics(type="x" * 10_000),
    "changes": _of_metrics(live_changes=[1, 2]),
    "steps": _of_metrics(steps=1e300),
    "twice": '{"test": {"mse": 1}, "test": {"mse": 2}, "type": "x"}',
    "code": _of_metrics(device='x"; import os; os.mkdir("evil"); "', steps=2),
}
_HISTORIES = {
    "no columns": "\n1,2,3",
    "columns missing": "step,epoch\n1,2",
    "huge epoch": "step,epoch,split,mse,total\n1," + "9" * 30 + ",test,1,1",
    "backwards": "step,epoch,split,mse,total\n0,5,test,1,1\n0,1,test,1,1",
    "beyond float32": "step,epoch,split,mse,total\n0,0,test,1e300,1\n0,1,test,nan,1\n0,2,test,-inf,1",
    "a long cell": "step,epoch,split,mse,total\n0,0,test," + "1" * 200_000,
    "one line": "a," * 500_000,
}
_NOTES = {
    "other types": '{"tags": 3, "note": []}',
    "odd letters": '{"tags": ["\\ud800", "\\u0000", "\U0001f600\u202e"], "note": "a\\nb"}',
    "many": json.dumps({"tags": ["t"] * 8000, "note": "n" * 10_000}),
}
_EXPERIMENTS = {
    "other data": '[data]\nsource = { kind = "csv", path = "/etc/passwd" }',
    "data above": '[data]\nsource = { kind = "csv", path = "../../../../../../etc/passwd" }',
    "data of a device": '[data]\nsource = { kind = "idx", path = "/dev/zero" }',
    "NUL in a path": '[data]\nsource = { kind = "csv", path = "a\\u0000b" }',
    "many keys": "\n".join(f"k{i} = 1" for i in range(30_000)),
    "a deep key": ".".join(["a"] * 100_000) + " = 1",
    "newer": "format = 99",
    "huge": "[code]\nsize = 9223372036854775807",
    "byte order mark": "\ufefftitle = 'marked'",
}
_JOURNALS = {
    "above": '{"stage": ".together-aa", "files": ["../../x"], "gone": ["../../y"]}',
    "rooted": '{"stage": "/etc", "files": ["passwd"], "gone": []}',
    "odd letters": '{"stage": ".together-aa", "files": ["a\\u0000"], "gone": ["\\ud800"]}',
    "everything gone": json.dumps({"stage": ".together-aa", "files": [], "gone": [EXPERIMENT, CHECKPOINT]}),
}


def _ways() -> dict[str, Spoil]:
    ways: dict[str, Spoil] = {}
    for name in FILES:
        ways |= {f"{name}: {what}": put(name, content) for what, content in _CONTENTS.items()}
        ways |= {f"{name}: cut at {share}": cut(name, share) for share in (0.1, 0.5, 0.9)}
        ways |= {f"{name}: bit at {share}": flipped(name, share) for share in (0.0, 0.01, 0.3, 0.7, 1.0)}
        ways[f"{name}: missing"] = instead(name, lambda path: None)
        ways[f"{name}: a folder"] = instead(name, Path.mkdir)
        ways[f"{name}: a pickle"] = pickled(name, by_torch=False)
        ways[f"{name}: saved by torch"] = pickled(name, by_torch=True)
        if POSIX:
            ways[f"{name}: a pipe"] = instead(name, os.mkfifo)
            ways[f"{name}: a link to itself"] = instead(name, _loop)
            ways[f"{name}: a device without end"] = instead(name, lambda path: path.symlink_to("/dev/zero"))
            ways[f"{name}: 5 GiB of nothing"] = instead(name, _sparse)
    for name in (EXPERIMENT, WEIGHTS, CHECKPOINT, FRAMES, HISTORY, METRICS):
        ways[f"{name}: of another run"] = swapped(name)
    texts = {
        METRICS: _METRICS,
        HISTORY: _HISTORIES,
        NOTES: _NOTES,
        EXPERIMENT: _EXPERIMENTS,
        JOURNAL: _JOURNALS,
    }
    for name, contents in texts.items():
        ways |= {f"{name}: {what}": put(name, content) for what, content in contents.items()}
    ways["checkpoint: a file"] = put("checkpoint", b"")
    if POSIX:
        ways["checkpoint: a link above"] = instead("checkpoint", lambda path: path.symlink_to("../.."))
    return ways


SPOILT = _ways()
