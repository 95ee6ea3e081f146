"""Where runs are, and the names of the files in the folder of one."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

EXPERIMENT, HISTORY, METRICS = "experiment.toml", "history.csv", "metrics.json"
WEIGHTS, CHECKPOINT = "weights.safetensors", "checkpoint/state.safetensors"
FRAMES = "checkpoint/frames.safetensors"  # weights of earlier steps, to be replayed
NOTES = "notes.json"  # the user's tags and words
FIGURES = tuple(f"figures/{name}.png" for name in ("loss", "pictures", "latent"))


def runs_folder() -> Path:
    """Where runs go that are not given a place: ``AEGUI_RUNS``, or the user's data folder."""
    chosen = os.environ.get("AEGUI_RUNS")
    return Path(chosen) if chosen else platformdirs.user_data_path("aegui", appauthor=False) / "runs"
