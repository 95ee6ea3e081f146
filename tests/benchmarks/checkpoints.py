"""What keeping a run on disk costs its training.

    python -m tests.benchmarks.checkpoints [--seconds 25] [--turns 2]

Trains MNIST at batch 128 as the command line does, with and without states being kept, in turns, so
that a noisy machine hits both. The pace that the program has is used as it is: what one state costs
decides how long it waits for the next, and states are at least ten seconds apart.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from aegui.data.load import load_dataset
from aegui.runs.folder import RunFolder
from aegui.runs.state import SHARE, SOONEST, Pace
from aegui.spec import Experiment, replace_all
from aegui.spec.presets import preset
from aegui.training.frames import Frames
from aegui.training.trainer import Trainer

NETWORKS = {
    "small": {"architecture.encoder": [{"kind": "dense", "units": 32}], "code.size": 2},
    "usual": {"architecture.encoder": [{"kind": "dense", "units": n} for n in (128, 64)], "code.size": 32},
    "large": {"architecture.encoder": [{"kind": "dense", "units": n} for n in (2048, 1024)], "code.size": 64},
}


@dataclass(frozen=True)
class Turn:
    """One stretch of training."""

    seconds: float
    steps: int
    states: int
    keeping: float  # seconds of it that went to states


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=25.0)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AEGUI_RUNS"] = folder
        for name, changes in NETWORKS.items():
            row = measure(changes, arguments.seconds, arguments.turns)
            if arguments.json:
                print(json.dumps({"network": name} | row))
                continue
            print(
                f"{name:<6} kept over bare {row['ratio']:.3f}   {row['states']:.0f} states of"
                f" {row['state_ms']:.0f} ms each, {100 * row['share']:.2f} % of the time"
                f" (aim {100 * SHARE:.0f} %, at least {SOONEST:.0f} s apart)"
            )


def measure(changes: dict[str, object], seconds: float, turns: int) -> dict[str, float]:
    """Steps a second with states over those without, and what a state takes."""
    more = {"data.source": "mnist", "training.batch": 128, "training.epochs": 100_000, "noise.kind": "none"}
    experiment = replace_all(preset("undercomplete").experiment, more | changes)
    bare, kept = [], []
    for _ in range(turns):
        bare.append(train(experiment, seconds, keeping=False))
        kept.append(train(experiment, seconds, keeping=True))
    states = sum(turn.states for turn in kept)
    spent = sum(turn.keeping for turn in kept)
    return {
        "ratio": sum(t.steps for t in kept) / sum(t.steps for t in bare),
        "states": float(states),
        "state_ms": 1000 * spent / max(states, 1),
        "share": spent / sum(turn.seconds for turn in kept),
    }


def train(experiment: Experiment, seconds: float, *, keeping: bool) -> Turn:
    """Trains for some seconds as the command line does."""
    trainer, frames = Trainer(experiment, load_dataset(experiment.data, 0)), Frames()
    folder = RunFolder.create(experiment, Path(tempfile.mkdtemp(dir=os.environ["AEGUI_RUNS"])) / "run")
    frames.offer(trainer)
    states, spent = 0, 0.0
    with folder:
        pace, begun = Pace(trainer), time.perf_counter()
        for _ in trainer:
            frames.offer(trainer)
            if keeping and pace.due:
                started = time.perf_counter()
                with pace:
                    folder.write_state(trainer, frames, lasting=False)
                states, spent = states + 1, spent + time.perf_counter() - started
            if time.perf_counter() - begun >= seconds:
                break
    return Turn(time.perf_counter() - begun, trainer.step, states, spent)


if __name__ == "__main__":
    main()
