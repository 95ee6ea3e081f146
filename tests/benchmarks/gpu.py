"""The bare loop and the trainer on a graphics card, eager and in other ways; skipped where there is none.

    python -m tests.benchmarks.gpu [--quick] [--rounds 7]

The set is on the card. A turn ends when the card has done everything.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks.children import NotMeasured, answers
from tests.benchmarks.findings import Finding, Scale, of_rounds

if TYPE_CHECKING:
    from tests.benchmarks.contestants.contest import Task

_TASKS = (("dense", 128), ("dense", 1024), ("convolutional", 1024))


def measure(scale: Scale) -> list[Finding]:
    """Every way over the eager bare loop, at each batch size. Raises NotMeasured where there is no card."""
    lines = answers("gpu", ["--rounds", str(scale.rounds), *["--quick"] * scale.quick])
    if why := lines[0].get("none"):
        raise NotMeasured(why)
    return [finding for told in lines for finding in _findings(told)]


def _findings(told: dict[str, Any]) -> list[Finding]:
    eager = told["rates"]["bare, eager"]
    return [
        of_rounds(
            f"{told['kind']}, batch {told['batch']}: {name}, over the bare loop, eager",
            [r / e for r, e in zip(rates, eager, strict=True)],
            why=f"{median(rates):,.0f} samples/s on {told['card']}",
        )
        for name, rates in told["rates"].items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    import torch

    if not torch.cuda.is_available():
        print(json.dumps({"none": "there is no graphics card that torch can use"}))
        return
    from tests.benchmarks.contestants.contest import Task

    card = torch.cuda.get_device_name()
    for kind, batch in _TASKS[:1] if arguments.quick else _TASKS:
        rates = _rates(Task(kind, batch, 6_000 if arguments.quick else 60_000, 1_000), arguments.rounds)
        print(json.dumps({"kind": kind, "batch": batch, "card": card, "rates": rates}), flush=True)


def _rates(task: Task, rounds: int) -> dict[str, list[float]]:
    """Samples a second of an epoch, in turns."""
    ways = {
        "bare, eager": _bare(task),
        "bare, mixed precision": _bare(task, mixed=True),
        "aegui": _ours(task),
        "aegui, mixed precision": _ours(task, mixed=True),
    }
    if task.kind == "dense":
        ways |= {"bare, CUDA graph": _graphed(task), "aegui, eager": _ours(task, graphs=False)}
    for work in ways.values():
        work()
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            found[name].append(task.samples / work())
    return found


def _bare(task: Task, *, mixed: bool = False) -> Callable[[], float]:
    """Seconds of an epoch of the best loop that can be written by hand."""
    import torch

    from tests.benchmarks.contestants.bare import Bare

    bare = Bare(task, "cuda")

    def work() -> float:
        with torch.autocast("cuda", torch.bfloat16, enabled=mixed):
            return bare.train(1).seconds

    return work


def _ours(task: Task, *, mixed: bool = False, graphs: bool = True) -> Callable[[], float]:
    """Seconds of an epoch of aegui, the evaluation at its end among them."""
    import torch

    from tests.benchmarks.contestants.ours import trainer_of

    changes = {"training.device": "cuda", "training.precision": "mixed" if mixed else "single"}
    trainer = trainer_of(task, **changes)
    if not graphs:
        trainer._backpropagation = None

    def work() -> float:
        torch.cuda.synchronize()
        started = time.perf_counter()
        for _ in range(trainer.steps_per_epoch):
            next(trainer)
        torch.cuda.synchronize()
        return time.perf_counter() - started

    return work


def _graphed(task: Task) -> Callable[[], float]:
    """A whole step as one CUDA graph, replayed for each full batch."""
    import torch

    from tests.benchmarks.contestants.bare import dense, reconstructing
    from tests.benchmarks.contestants.contest import RATE

    samples = torch.from_numpy(task.arrays()[0]).cuda()
    model = dense().cuda()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True, capturable=True)
    rows = torch.zeros(task.batch, dtype=torch.int64, device="cuda")

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        reconstructing(model, samples[rows]).backward()
        optimizer.step()

    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    held = (samples, model, optimizer)  # the graph reads and writes where they are

    def work() -> float:
        assert held
        torch.cuda.synchronize()
        started = time.perf_counter()
        order = torch.randperm(task.samples, device="cuda")
        steps = task.samples // task.batch
        for number in range(steps):
            rows.copy_(order[number * task.batch : (number + 1) * task.batch])
            graph.replay()
        torch.cuda.synchronize()
        return (time.perf_counter() - started) * task.samples / (steps * task.batch)

    return work


if __name__ == "__main__":
    main()
