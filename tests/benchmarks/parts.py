"""The parts of the benchmark, and those of its older commands as parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.benchmarks import gpu, growth, limit, memory, reactions, start, training
from tests.benchmarks.children import NotMeasured, answers, done
from tests.benchmarks.findings import Finding, Scale, not_measured


@dataclass(frozen=True)
class Part:
    """What can be named by ``--only``."""

    name: str
    about: str
    measure: Callable[[Scale], Iterable[Finding]]
    only_if_named: bool = False  # it takes too long to be run with all the others


def _scatter(scale: Scale) -> list[Finding]:
    found = []
    for points in scale.pick((10_000, 70_000, 1_000_000), (10_000,)):
        (told,) = answers("scatter", ["--json", "--points", str(points)])
        goal = "at least 20" if points == 1_000_000 else ""
        for name in ("zoom frames/s", "pan frames/s"):
            found.append(Finding(f"{points:,} points: {name}", told[name], "1/s", goal=goal))
        found.append(Finding(f"{points:,} points: first drawing", told["first drawing ms"], "ms"))
    return found


def _checkpoints(scale: Scale) -> list[Finding]:
    seconds = scale.pick("25", "1")
    lines = answers("checkpoints", ["--json", "--seconds", seconds, "--turns", scale.pick("2", "1")])
    return [
        Finding(
            f"{told['network']} network: kept over bare",
            told["ratio"],
            why=f"{told['states']:.0f} states of {told['state_ms']:.0f} ms",
        )
        for told in lines
    ]


def _soak(scale: Scale) -> list[Finding]:
    minutes = scale.pick(30.0, 0.5)
    told = done("soak", ["--minutes", str(minutes)], patience=60 * minutes + 900)
    growing = [line for line in told.lines if " has grown by " in line]
    if told.status and not growing:
        raise NotMeasured(told.words)
    words = "; ".join(growing) or told.lines[-1]
    return [Finding(f"kinds of growth in {minutes:g} minutes", len(growing), goal="at most 0", why=words)]


PARTS: tuple[Part, ...] = (
    Part("training", "samples a second beside the best bare loop and the peers", training.measure),
    Part("limit", "the training's floating-point rate over that of its matrix products alone", limit.measure),
    Part(
        "window",
        "how late the event loop is, frames a second, and how soon a picture follows",
        reactions.measure,
    ),
    Part("scatter", "frames a second of zooming and panning many points", _scatter),
    Part("start", "time to a window that answers and to the first step, over a bare window's", start.measure),
    Part("memory", "the most that the window holds, over the bare loop", memory.measure),
    Part("growth", "how cost grows with samples, features, code, layers and history", growth.measure),
    Part("checkpoints", "what keeping a run on disk costs its training", _checkpoints),
    Part("gpu", "the same on a graphics card, where there is one", gpu.measure),
    Part("soak", "whether a long use holds more and more", _soak, only_if_named=True),
)


def chosen(names: str) -> tuple[Part, ...]:
    """Parts by their names, separated by commas; all but those that take too long where none is named.

    Raises ValueError for a name that there is not.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    known = {part.name: part for part in PARTS}
    if strange := [name for name in wanted if name not in known]:
        raise ValueError(f"no such part: {', '.join(strange)}; there are {', '.join(known)}")
    return tuple(known[n] for n in wanted) or tuple(p for p in PARTS if not p.only_if_named)


def run(part: Part, scale: Scale) -> Iterator[Finding]:
    """What a part finds, as it is found; why not, where it cannot be measured."""
    try:
        yield from part.measure(scale)
    except NotMeasured as error:
        yield not_measured(part.about, str(error))
