"""Samples a second of the same network, in turns: aegui, the best bare loop, and everybody's peers.

    python -m tests.benchmarks.training [--quick] [--rounds 7] [--threads 1] [--contestants bare,trainer]

Each contestant is a process of its own with its libraries loaded and its data in memory, which stands
still until it is its turn. A round is one turn of each, in an order that moves on, so that noise hits
all alike; a ratio is taken within a round. At the end each says what it has learned; the window, whose
turns are longer, has learned more.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from statistics import median

from tests.benchmarks.children import Child, NotMeasured, child
from tests.benchmarks.contestants.contest import KINDS, Task
from tests.benchmarks.contestants.entrants import ENTRANTS
from tests.benchmarks.findings import Finding, Scale, not_measured, of_rounds

BATCHES = (32, 128, 256, 1024)
_GOALS = {"train": "at least 0.98", "window": "at least 0.95"}
_ALIKE = 1.5  # times the bare loop's error: what has learned less does not do the same work
_TURN = 1.0  # seconds of the bare loop, about
_EPOCHS = 2  # before the rounds, so that everything is compiled and cached

Rates = dict[str, list[float]]  # samples a second of each contestant, a number for each round


def measure(scale: Scale) -> Iterator[Finding]:
    """Every contestant at every batch size, and those that can at the other kinds of networks."""
    for task in tasks(scale):
        yield from contest(task, scale)


def tasks(scale: Scale) -> Iterator[Task]:
    """What is trained; in a quick run one network at one batch size."""
    samples, tests = scale.pick((60_000, 10_000), (2_000, 500))
    for kind in scale.pick(KINDS, KINDS[:1]):
        batches = scale.pick(BATCHES if kind == "dense" else (128,), (128,))
        for batch in batches:
            yield Task(kind, batch, samples, tests, scale.threads)


def contest(task: Task, scale: Scale) -> list[Finding]:
    """One network at one batch size."""
    wanted = scale.contestants or tuple(ENTRANTS)
    rivals = {ENTRANTS[name].rival for name in wanted}
    able = [name for name, entrant in ENTRANTS.items() if task.kind == "dense" or entrant.every_kind]
    names = [name for name in able if name in wanted or name in rivals]
    absent: dict[str, str] = {}
    with ExitStack() as stack:
        field = {
            name: stack.enter_context(child("contestants", [name, json.dumps(asdict(task))], task.threads))
            for name in names
        }
        _each(field, absent, "", names)
        warm = _each(field, absent, f"train {_EPOCHS}", names)
        epochs = 1 if scale.quick or "bare" not in warm else _epochs(warm["bare"]["seconds"] / _EPOCHS)
        rates: Rates = {name: [] for name in names}
        for number in range(scale.rounds):
            place = number % len(names)
            for name, turn in _each(
                field, absent, f"train {epochs}", [*names[place:], *names[:place]]
            ).items():
                rates[name].append(turn["samples"] / turn["seconds"])
        errors = {name: found["mse"] for name, found in _each(field, absent, "score", names).items()}
    beside = [_finding(task, name, rates, errors, absent) for name in names]
    return beside + [_ahead(task, name, rates) for name in names if _is_beaten(name, rates)]


def _epochs(seconds: float) -> int:
    """How many make a turn: one that is shorter than this says little."""
    return max(1, round(_TURN / seconds))


def _is_beaten(name: str, rates: Rates) -> bool:
    """Whether it is a peer that has been measured in every round, as aegui has."""
    return ENTRANTS[name].is_peer and len(rates[name]) == len(rates.get("train", ()))


def _ahead(task: Task, name: str, rates: Rates) -> Finding:
    title = f"{task.kind}, batch {task.batch}: {ENTRANTS['train'].title}, over {ENTRANTS[name].title}"
    rounds = [ours / theirs for ours, theirs in zip(rates["train"], rates[name], strict=True)]
    return of_rounds(title, rounds, goal="at least 1")


def _each(
    field: dict[str, Child], absent: dict[str, str], question: str, names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Answers of all that are still there; who fails is not asked again."""
    found = {}
    for name in names:
        if name in absent:
            continue
        try:
            found[name] = field[name].ask(question)
        except NotMeasured as error:
            absent[name] = str(error)
    return found


def _finding(
    task: Task, name: str, rates: Rates, errors: dict[str, float], absent: dict[str, str]
) -> Finding:
    entrant, rival = ENTRANTS[name], ENTRANTS[ENTRANTS[name].rival]
    title = f"{task.kind}, batch {task.batch}: {entrant.title}"
    if name in absent:
        return not_measured(title, absent[name])
    words = f"{median(rates[name]):,.0f} samples/s, test MSE {errors[name]:.4f}"
    if entrant.rival not in errors:
        return not_measured(title, f"there is no {rival.title} to compare it with; {words}")
    if errors[name] > _ALIKE * errors[entrant.rival]:
        words += f", which is not what the {rival.title} has learned"
    rounds = [a / b for a, b in zip(rates[name], rates[entrant.rival], strict=True)]
    return of_rounds(f"{title}, over {rival.title}", rounds, goal=_GOALS.get(name, ""), why=words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--contestants", default="")
    arguments = parser.parse_args()
    chosen = tuple(filter(None, arguments.contestants.split(",")))
    scale = Scale(arguments.quick, arguments.rounds, arguments.threads, contestants=chosen)
    for finding in measure(scale):
        print(json.dumps(finding.as_json(), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
