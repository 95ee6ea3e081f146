"""Whoever sends packages: data of every kind in a folder of their own, and runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from aegui.data.load import load_dataset
from aegui.runs.folder import RunFolder
from aegui.runs.record import record
from aegui.spec import Experiment
from aegui.training.frames import Frames
from aegui.training.trainer import Trainer

Make = Callable[..., Experiment]
KINDS = ("table", "array", "idx", "pictures")
CLASSES = ("drei", "три", "三つ 🙂")


def own_data(kind: str, folder: Path) -> dict[str, object]:
    """Writes forty samples of a kind into a folder; returns the source that reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    labels = np.arange(40) % 3
    match kind:
        case "table":
            rows = random.normal(size=(40, 6)) + labels[:, None]
            lines = [
                ",".join(f"{x:.4f}" for x in row) + f",{CLASSES[k]}"
                for row, k in zip(rows, labels, strict=True)
            ]
            (folder / "meßwerte.csv").write_text("\n".join(["a,b,c,d,e,f,class", *lines]), encoding="utf-8")
            return {"kind": "csv", "path": str(folder / "meßwerte.csv"), "label": "class"}
        case "array":
            np.savez(folder / "a.npz", x=random.normal(size=(40, 8)).astype("float32"), y=labels)
            return {"kind": "npz", "path": str(folder / "a.npz"), "array": "x", "label": "y"}
        case "idx":
            pictures = random.integers(0, 255, (40, 6, 6), dtype=np.uint8)
            for part in ("train", "test"):  # files of the same name in two folders
                (folder / part).mkdir()
                (folder / part / "x").write_bytes(_idx(pictures))
                (folder / part / "y").write_bytes(_idx(labels.astype(np.uint8)))
            names = {"path": "train/x", "labels": "train/y", "test": "test/x", "test_labels": "test/y"}
            return {"kind": "idx"} | {role: str(folder / name) for role, name in names.items()}
    for number, label in enumerate(labels):
        place = folder / "bilder" / CLASSES[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 255, (6, 6), dtype=np.uint8)).save(place / f"{number}.png")
    (folder / "bilder" / "notes.txt").write_text("no picture, and nobody's business")
    return {"kind": "images", "path": str(folder / "bilder")}


def own_experiment(make: Make, kind: str, folder: Path) -> Experiment:
    """A tiny experiment on data of one's own."""
    source = own_data(kind, folder)
    return make(
        {
            "data.source": source,
            "data.train": None,
            "data.test": None,
            "training.batch": 16,
            "training.epochs": 9,
        }
    )


def begun_run(experiment: Experiment, folder: Path, steps: int) -> Trainer:
    """Trains a run for some steps and writes it; returns its trainer, which can go on."""
    trainer, frames = Trainer(experiment, load_dataset(experiment.data, experiment.seed)), Frames()
    frames.offer(trainer)
    for _ in range(steps):
        next(trainer)
        frames.offer(trainer)
    with RunFolder.create(experiment, folder) as run:
        written = record(trainer, frames)
        written.keep(run)
        written.measure(run, probe=False)
    return trainer


def _idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.tobytes()
