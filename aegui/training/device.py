"""Where and with how many threads a network is computed."""

from __future__ import annotations

import torch

from aegui.errors import InvalidExperiment, Problem

# Read once, before anyone changes it: torch starts with one thread per physical core.
_PHYSICAL_CORES = torch.get_num_threads()


def training_threads() -> int:
    """Threads of a run: every physical core but one, which is the window's.

    The command line takes as many, so that the same file gives the same numbers in both.
    """
    return max(1, _PHYSICAL_CORES - 1)


def pick_device(name: str) -> torch.device:
    """``auto``, ``cpu``, ``cuda`` or ``mps``. Raises InvalidExperiment if this machine has it not."""
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next(n for n in ("cuda", "mps", "cpu") if available[n])
    if not available[name]:
        there = ", ".join(n for n, yes in available.items() if yes)
        message = f'"{name}" is not available on this machine, which has: {there}; take "auto"'
        raise InvalidExperiment([Problem("training.device", message)])
    return torch.device(name)
