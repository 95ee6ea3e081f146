"""How near training comes to what the machine can do at the same shapes, and what is in between.

    python -m tests.benchmarks.limit [--quick] [--rounds 7] [--threads 1]

The limit is the time of the matrix products of one step alone, forward and backward, into tensors that
are there already. What else a step takes is timed in pieces: the optimiser, which is bound by memory,
the floats of a batch, made from bytes, and the rest, which is autograd, activations and the calls themselves.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from tests.benchmarks.children import answers
from tests.benchmarks.findings import Finding, Scale, of_rounds

_BATCHES = (32, 128, 256, 1024)


def measure(scale: Scale) -> list[Finding]:
    """The share of the limit that is reached at each batch size, and what bounds it."""
    words = ["--rounds", str(scale.rounds), "--threads", str(scale.threads), *["--quick"] * scale.quick]
    return [_finding(told) for told in answers("limit", words, threads=scale.threads)]


def _finding(told: dict[str, Any]) -> Finding:
    parts = {name: median(told[name]) / median(told["step"]) for name in ("products", "optimiser", "floats")}
    parts["autograd, activations and calls"] = max(0.0, 1 - sum(parts.values()))
    bound = max(parts, key=lambda name: parts[name])
    shares = ", ".join(f"{name} {100 * share:.0f} %" for name, share in parts.items())
    rates = [told["flops"] / median(told[name]) / 1e9 for name in ("step", "products")]
    return of_rounds(
        f"batch {told['batch']}: training's rate over that of its products",
        [p / s for p, s in zip(told["products"], told["step"], strict=True)],
        why=f"{rates[0]:.1f} of {rates[1]:.1f} GFLOP/s, bound by {bound} ({shares})",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    for batch in _BATCHES[1:2] if arguments.quick else _BATCHES:
        told = _timed(batch, arguments.rounds, arguments.threads, 0.02 if arguments.quick else 0.5)
        print(json.dumps(told))


def _timed(batch: int, rounds: int, threads: int, seconds: float) -> dict[str, Any]:
    """Seconds of a step and of its pieces, in rounds in which all of them take turns."""
    import torch

    from tests.benchmarks.contestants.contest import Task
    from tests.benchmarks.contestants.ours import trainer_of

    trainer = trainer_of(Task("dense", batch, max(2_000, 8 * batch), 500, threads))
    sizes = [(m.plan.inputs, m.plan.units) for m in (*trainer.model.encoder, trainer.model.code)]
    sizes += [(m.plan.inputs, m.plan.units) for m in (*trainer.model.decoder, trainer.model.output)]
    products, flops = _products(sizes, batch)
    rows = torch.randperm(len(trainer.train))[:batch]
    for _ in range(20):
        next(trainer)

    def step() -> None:
        before = trainer.seconds  # the evaluation after an epoch is not counted
        next(trainer)
        counted.append(trainer.seconds - before)

    counted: list[float] = []
    pieces: dict[str, Callable[[], object]] = {
        "products": products,
        "optimiser": trainer.optimizer.step,
        "floats": lambda: trainer.train.take(rows),
    }
    found: dict[str, list[float]] = {name: [] for name in ("step", *pieces)}
    for _ in range(rounds):
        counted.clear()
        _repeated(step, seconds)
        found["step"].append(sum(counted) / len(counted))
        for name, piece in pieces.items():
            found[name].append(_repeated(piece, seconds))
    return {"batch": batch, "flops": flops} | found


def _products(sizes: list[tuple[int, int]], batch: int) -> tuple[Callable[[], None], float]:
    """All matrix products of a step, and how many floating-point operations they are.

    For each layer: its output, the gradient of its weights, and, but for the first one, of its input.
    """
    import torch

    pairs = []
    for number, (inputs, units) in enumerate(sizes):
        x, w, g = torch.randn(batch, inputs), torch.randn(units, inputs), torch.randn(batch, units)
        pairs += [(x, w.t(), torch.empty(batch, units)), (g.t(), x, torch.empty(units, inputs))]
        if number:
            pairs.append((g, w, torch.empty(batch, inputs)))
    flops = sum(2.0 * a.shape[0] * a.shape[1] * b.shape[1] for a, b, _ in pairs)

    def run() -> None:
        with torch.no_grad():
            for a, b, out in pairs:
                torch.mm(a, b, out=out)

    return run, flops


def _repeated(work: Callable[[], object], seconds: float) -> float:
    """The mean time of something that is done for so long."""
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds or count < 3:
        work()
        count += 1
    return (time.perf_counter() - started) / count


if __name__ == "__main__":
    main()
