"""Where and with how many threads a network is computed."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator

import torch

from aegui.errors import InvalidExperiment, Problem

# Read once, before anyone changes it: torch starts with one thread per physical core.
_PHYSICAL_CORES = torch.get_num_threads()
_lost: set[str] = set()  # devices that have failed: the driver does not come back to this process


def training_threads() -> int:
    """Threads of a run: every physical core but one, which is the window's.

    The command line takes as many, so that the same file gives the same numbers in both.
    """
    return max(1, _PHYSICAL_CORES - 1)


def pick_device(name: str) -> torch.device:
    """``auto``, ``cpu``, ``cuda`` or ``mps``. Raises InvalidExperiment if this machine has it not."""
    there = [n for n, yes in _available().items() if yes]
    if name == "auto":
        name = next(n for n in ("cuda", "mps", "cpu") if n in there)
    if name in _lost:
        message = f'"{name}" has failed since the program was started; take "cpu", or start it again'
        raise InvalidExperiment([Problem("training.device", message)])
    if name not in there:
        message = f'"{name}" is not available on this machine, which has: {", ".join(there)}; take "auto"'
        raise InvalidExperiment([Problem("training.device", message)])
    return torch.device(name)


def lose(name: str) -> None:
    """Notes that a device has failed: nothing is computed on it any more."""
    _lost.add(name)
    if name == "cuda":
        # Optimisers ask the card about its streams at every step, also those of the processor.
        torch.cuda.is_available = lambda: False


@contextlib.contextmanager
def flushing() -> Iterator[None]:
    """Takes numbers below 1.2e-38 for 0 in this thread for a while.

    The mean gradient of a weight that gets none any more, as of a dead unit, falls to 1.4e-45 and stays
    there, since 0.9 times as much is rounded up to it. Processors take a hundred times as long for such.
    """
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def release_memory(device: torch.device) -> None:
    """Gives back to a graphics card what torch holds of its memory without using it."""
    with contextlib.suppress(RuntimeError):  # a card that has failed, which the next call on it tells
        if device.type == "cuda":
            torch.cuda.empty_cache()
        elif device.type == "mps":
            torch.mps.empty_cache()


def _available() -> dict[str, bool]:
    """Which devices can be used now; one whose driver is no good counts as missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own words about drivers
        found = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return {name: yes and name not in _lost for name, yes in found.items()}
