"""What an exception of the model layer means to the user: memory that is out, or a device that has failed.

Told apart by class and text, as torch has no classes for most of them. Imports no torch.
"""

from __future__ import annotations

import traceback

from aegui.errors import DeviceLost, OperationFailed, OutOfMemory
from aegui.plan import Plan
from aegui.spec import Experiment, get

_REASON = 160  # letters of a driver's own words
_NO_MEMORY = (
    "out of memory",  # CUDA's and MPS's
    "not enough memory",  # the processor's on Windows
    "can't allocate memory",  # the processor's elsewhere
    "bad allocation",
    "std::bad_alloc",
    "_alloc_failed",  # cuBLAS's and cuDNN's
)
_DEVICE_FAILURES = {
    "cuda": ("cuda error", "cuda driver", "cublas", "cudnn", "cusolver", "curand", "hip error", "nvml"),
    "mps": ("mps backend", "mps device", "mpsgraph", "metal", "command buffer"),
}


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory could not be had, of the machine or of a graphics card."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and _speaks_of(error, _NO_MEMORY)


def is_device_failure(error: BaseException, device: str) -> bool:
    """Whether a device other than the processor has failed: no later call on it can be trusted."""
    words = _DEVICE_FAILURES.get(device, ())
    return isinstance(error, RuntimeError) and _speaks_of(error, words) and not is_out_of_memory(error)


def out_of_memory(experiment: Experiment, plan: Plan, device: str, step: int) -> OutOfMemory:
    """The sentence for a run that needs more memory than there is: what takes most of it."""
    batch = min(experiment.training.batch, plan.facts.train)
    sized = [layer for layer in plan.layers if layer.path and isinstance(get(experiment, layer.path), int)]
    widest = max(sized, key=lambda layer: layer.units).path
    paths = ("training.batch", widest) if batch > 1 else (widest,)
    lower = ", or ".join(f"{path}, now {get(experiment, path):,}" for path in paths)
    state = (
        f"the run was stopped, and the weights of step {step:,} are kept" if step else "the run was stopped"
    )
    message = f"device {device}: out of memory, so {state}; lower {lower}"
    return OutOfMemory(message, paths=paths)


def device_lost(error: BaseException, device: str, step: int | None) -> DeviceLost:
    """The sentence for a device that has failed; ``step``: where the run goes on, None if it has none."""
    reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    then = (
        "set training.device to cpu and start the run again"
        if step is None
        else f"the run was put on the processor as it was at step {step:,} and can go on from there; set"
        " training.device to cpu for the next one, or start the program again"
    )
    return DeviceLost(f"device {device}: has failed ({reason[:_REASON]}); {then}", step=step)


def without_a_run(error: Exception) -> Exception:
    """What an exception of other work means, a measurement or a file; itself where it is a bug."""
    if is_out_of_memory(error):
        let_go(error)
        return OperationFailed(
            "out of memory: this needs more than there is; close other programs, or take fewer samples or"
            " a smaller network"
        )
    for device in _DEVICE_FAILURES:
        if is_device_failure(error, device):
            let_go(error)
            return device_lost(error, device, None)
    return error


def let_go(error: BaseException) -> None:
    """Drops what the frames of an error hold: after an allocation that failed it is what fills the memory."""
    traceback.clear_frames(error.__traceback__)


def _speaks_of(error: BaseException, words: tuple[str, ...]) -> bool:
    text = f"{type(error).__name__} {error}".lower()
    return any(word in text for word in words)
