"""The most memory that the window with every view open has held, over that of the bare loop."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from statistics import median

from tests.benchmarks.findings import Finding, Scale, not_measured, of_rounds

_MIB = 2**20


def peak_mib() -> float:
    """The most that this process has held in memory so far."""
    status = Path("/proc/self/status")
    if status.exists():  # the other count takes over what the process was before it became this program
        return next(
            int(line.split()[1]) / 1024
            for line in status.read_text(encoding="utf-8").splitlines()
            if line.startswith("VmHWM")
        )
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / _MIB if sys.platform == "darwin" else most / 1024


def measure(scale: Scale) -> list[Finding]:
    """Both train on MNIST for some epochs; the window has shown every workspace before."""
    from tests.benchmarks.children import NotMeasured, child
    from tests.benchmarks.contestants.contest import Task

    samples, tests = scale.pick((60_000, 10_000), (2_000, 500))
    task = Task("dense", 128, samples, tests, scale.threads)
    found: dict[str, list[float]] = {"bare": [], "window": []}
    try:
        for _ in range(scale.pick(3, 1)):
            for name, values in found.items():
                with child("contestants", [name, json.dumps(asdict(task))], task.threads) as process:
                    process.ask()
                    process.ask("train 3")
                    values.append(process.ask("memory")["mib"])
    except NotMeasured as error:
        return [not_measured("peak of the window over that of the bare loop", str(error))]
    pairs = list(zip(found["window"], found["bare"], strict=True))
    words = f"window {median(found['window']):,.0f} MiB, bare loop {median(found['bare']):,.0f} MiB"
    return [
        of_rounds("peak, window over bare loop", [w / b for w, b in pairs], why=words),
        of_rounds("peak, window beyond bare loop", [w - b for w, b in pairs], "MiB", goal="at most 250"),
    ]
