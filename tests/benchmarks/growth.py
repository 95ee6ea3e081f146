"""How cost grows: with samples, features, code size, layers, and the steps of a history.

    python -m tests.benchmarks.growth [--quick] [--rounds 3] [--threads 1]

Every cost is measured at several sizes, in turns; a line through the logarithms of the larger half of
them gives the exponent. 1 is linear; small sizes, where fixed costs are all there is, count for nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks.children import answers
from tests.benchmarks.findings import Finding, Scale

if TYPE_CHECKING:
    from aegui.training.trainer import Trainer

LINEAR = 1.1  # the largest exponent that still counts as linear
_REDRAW = 10.0  # ms, of a history of a million steps


@dataclass(frozen=True)
class Course:
    """Something whose cost is looked at as it grows."""

    name: str
    of: str  # what grows
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    prepare: Callable[[int], Callable[[], float]]  # size -> work that returns the seconds that it took


def measure(scale: Scale) -> list[Finding]:
    """The exponent of each course, with its times."""
    words = ["--rounds", str(scale.pick(3, 1)), "--threads", str(scale.threads), *["--quick"] * scale.quick]
    found = []
    for told in answers("growth", words, threads=scale.threads, patience=3600):
        found.append(_finding(told))
        if told["of"] == "steps of history":
            size, seconds = max(told["times"].items(), key=lambda pair: int(pair[0]))
            name = f"redrawing the loss of {int(size):,} steps"
            found.append(Finding(name, 1000 * seconds, "ms", goal=f"at most {_REDRAW:g}"))
    return found


def _finding(told: dict[str, Any]) -> Finding:
    sizes = [int(size) for size in told["times"]]
    power = exponent(sizes, list(told["times"].values()))
    verdict = "linear or better" if power <= LINEAR else "worse than linear"
    times = ", ".join(f"{int(size):,}: {1000 * t:.3g} ms" for size, t in told["times"].items())
    name = f"exponent of {told['name']} over {told['of']}"
    return Finding(name, power, goal=f"at most {LINEAR:g}", why=f"{verdict} ({times})")


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The slope of log time over log size in the larger half of the sizes, of two at least."""
    first = min(len(sizes) // 2, len(sizes) - 2)
    return float(np.polyfit(np.log(sizes[first:]), np.log(times[first:]), 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    for course in courses(arguments.threads):
        sizes = course.quick if arguments.quick else course.sizes
        works = {size: course.prepare(size) for size in sizes}
        times: dict[int, list[float]] = {size: [] for size in sizes}
        for work in works.values():
            work()
        for _ in range(arguments.rounds):
            for size, work in works.items():
                times[size].append(work())
        medians = {size: median(found) for size, found in times.items()}
        print(json.dumps({"name": course.name, "of": course.of, "times": medians}), flush=True)


def courses(threads: int) -> Iterator[Course]:
    """Everything that grows."""

    def trained(**changes: int) -> Callable[[], float]:
        return _steps(threads, **changes)

    yield Course(
        "an epoch",
        "samples",
        (1_000, 10_000, 100_000, 1_000_000),
        (500, 1_000, 2_000),
        lambda n: _epoch(n, threads),
    )
    yield Course(
        "an evaluation",
        "samples",
        (1_000, 10_000, 100_000, 1_000_000),
        (500, 1_000, 2_000),
        lambda n: _evaluation(n, threads),
    )
    yield Course(
        "a snapshot of all codes",
        "samples",
        (1_000, 10_000, 100_000, 1_000_000),
        (500, 1_000, 2_000),
        lambda n: _snapshot(n, threads),
    )
    yield Course(
        "a step", "features", (64, 256, 784, 3_072, 12_288), (64, 256, 784), lambda k: trained(features=k)
    )
    yield Course("a step", "code units", (2, 8, 32, 128, 512, 2_048), (2, 32, 128), lambda d: trained(code=d))
    yield Course("a step", "hidden layers", (1, 2, 4, 8, 16, 32), (1, 2, 4), lambda n: trained(layers=n))
    yield Course(
        "a redraw of the loss",
        "steps of history",
        (1_000, 10_000, 100_000, 1_000_000),
        (500, 1_000, 2_000),
        _redraw,
    )


def _trainer(
    samples: int, tests: int, threads: int, features: int = 64, code: int = 8, layers: int = 1
) -> Trainer:
    """A dense network with hidden layers of 64 units, on random bytes."""
    import torch

    from aegui.data.dataset import Affine, Dataset, Split
    from aegui.spec import Experiment, replace_all
    from aegui.training.trainer import Trainer

    random = np.random.default_rng(0)
    train, test = (Split(random.integers(0, 255, (n, features), np.uint8)) for n in (samples, tests))
    scaling = Affine("unit", np.zeros((), np.float32), np.full((), 1 / 255, np.float32))
    dataset = Dataset("random", "Random numbers", (features,), train, test, scaling, 0.0, 1.0, layout="table")
    changes = {
        "architecture.encoder": [{"kind": "dense", "units": 64}] * layers,
        "code.size": code,
        "training.batch": 128,
        "training.epochs": 100_000,
        "training.device": "cpu",
    }
    trainer = Trainer(replace_all(Experiment(), changes), dataset)
    torch.set_num_threads(threads)
    return trainer


def _epoch(samples: int, threads: int) -> Callable[[], float]:
    trainer = _trainer(samples, 100, threads)

    def work() -> float:
        before = trainer.seconds
        for _ in range(trainer.steps_per_epoch):
            next(trainer)
        return trainer.seconds - before

    return work


def _evaluation(samples: int, threads: int) -> Callable[[], float]:
    trainer = _trainer(1_000, samples, threads)
    return lambda: _seconds(trainer.reevaluate)


def _snapshot(samples: int, threads: int) -> Callable[[], float]:
    from aegui.training.observer import Observer
    from aegui.training.snapshot import Wishes

    observer = Observer(_trainer(1_000, samples, threads))

    def work() -> float:
        next(observer.trainer)
        return _seconds(lambda: observer.snapshot(Wishes(codes=True), fresh=True))

    return work


def _steps(threads: int, **sizes: int) -> Callable[[], float]:
    """The mean of some steps."""
    trainer = _trainer(4_096, 100, threads, **sizes)

    def work() -> float:
        before = trainer.seconds
        for _ in range(32):
            next(trainer)
        return (trainer.seconds - before) / 32

    return work


def _redraw(steps: int) -> Callable[[], float]:
    """From a snapshot to a painted plot, with a test every hundredth of the steps."""
    from aegui.qt.app import make_application
    from aegui.qt.theme import Theme
    from aegui.qt.views.loss import LossView
    from aegui.spec import Experiment
    from aegui.training.snapshot import Curves, Snapshot

    application = make_application()
    view = LossView(Theme("light"))
    view.resize(640, 400)
    view.show()
    random, per_epoch = np.random.default_rng(0), steps // 100

    def falling(count: int) -> np.ndarray:
        course = np.exp(-np.linspace(0, 3, count)) * (1 + 0.1 * random.standard_normal(count))
        return course.astype(np.float32)[:, None]

    at = np.arange(101, dtype=np.int64) * per_epoch
    curves = Curves(("mse",), falling(steps), at[1:], falling(100), at, falling(101))
    snapshot = Snapshot(Experiment(), steps, 100, per_epoch, curves, None, None)

    def draw() -> None:
        view.feed(snapshot, now=True)
        view.canvas.viewport().repaint()
        application.processEvents()

    return lambda: _seconds(draw)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
