"""The table of contestants. Nothing is imported to read it."""

from __future__ import annotations

from dataclasses import dataclass

_HERE = "tests.benchmarks.contestants"


@dataclass(frozen=True)
class Entrant:
    """Where it is, what it is called in a table, and which kinds of networks it can train."""

    module: str
    cls: str
    title: str
    words: tuple[str, ...] = ()
    every_kind: bool = False  # or the dense one alone
    uses_torch: bool = True
    is_peer: bool = False
    pinned: bool = True  # to as many cores as it may have threads: some libraries ask nobody
    rival: str = "bare"  # over whom its ratio is taken: one that does the same work


ENTRANTS: dict[str, Entrant] = {
    "bare": Entrant(f"{_HERE}.bare", "Bare", "bare best PyTorch loop", every_kind=True),
    "evaluating": Entrant(
        f"{_HERE}.bare", "Evaluating", "bare best loop, test set each epoch", every_kind=True
    ),
    "trainer": Entrant(f"{_HERE}.ours", "Alone", "aegui, trainer alone", every_kind=True),
    "train": Entrant(f"{_HERE}.ours", "CommandLine", "aegui train", every_kind=True, rival="evaluating"),
    "window": Entrant(
        f"{_HERE}.windowed",
        "Windowed",
        "aegui, the window",
        every_kind=True,
        pinned=False,
        rival="evaluating",
    ),
    "textbook": Entrant(f"{_HERE}.bare", "Textbook", "textbook DataLoader loop", is_peer=True),
    "keras-jax": Entrant(
        f"{_HERE}.peers", "Keras", "Keras 3 on JAX", ("jax",), uses_torch=False, is_peer=True
    ),
    "keras-torch": Entrant(f"{_HERE}.peers", "Keras", "Keras 3 on torch", ("torch",), is_peer=True),
    "pyod": Entrant(f"{_HERE}.peers", "PyOD", "PyOD AutoEncoder", is_peer=True),
    "sklearn": Entrant(
        f"{_HERE}.peers", "Sklearn", "scikit-learn MLPRegressor", uses_torch=False, is_peer=True
    ),
    "pythae": Entrant(f"{_HERE}.peers", "Pythae", "pythae AE", is_peer=True),
}
