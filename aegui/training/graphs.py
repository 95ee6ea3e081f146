"""The gradient of dense networks on a graphics card, as one CUDA graph.

A small network takes the card less time than it takes Python to ask for its fifty kernels one by one. A
graph is recorded once, and asks for all of them at once (NVIDIA 2019, CUDA C++ Programming Guide, "CUDA
Graphs"). The kernels are the same, and so are the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from aegui.nets.autoencoder import Autoencoder
from aegui.objectives.objective import Terms
from aegui.spec import Experiment
from aegui.training.backpropagation import Backpropagation
from aegui.training.failures import is_out_of_memory

_SETTLED = 64  # batches of one experiment before it is worth a graph: a slider may be on its way
_WARM = 3  # passes before a recording, in which libraries get what memory they need


@dataclass(eq=False)
class _Graph:
    """A recorded pass, and where it reads and writes."""

    experiment: Experiment
    clean: Tensor  # (B, k)
    seen: Tensor  # (B, k)
    terms: Terms
    graph: torch.cuda.CUDAGraph


class GraphedBackpropagation(Backpropagation):
    """The same passes; batches of the usual size of an experiment that stays as it is go by a graph."""

    def __init__(self, model: Autoencoder) -> None:
        super().__init__(model)
        self._recorder = Backpropagation(model)  # its places are a graph's own
        self._recorded: _Graph | None = None
        self._before: tuple[Experiment, torch.Size] | None = None
        self._alike = 0  # batches in a row
        self._able = model.log_var is None  # what a variational code draws differs from step to step

    @property
    def recorded(self) -> bool:
        """Whether batches go by a graph."""
        return self._recorded is not None

    def run(self, experiment: Experiment, seen: Tensor, clean: Tensor, generator: torch.Generator) -> Terms:
        """Puts the gradient of the sum of all terms into the parameters, and returns the terms."""
        recorded = self._recorded
        if recorded is None or recorded.experiment is not experiment or recorded.clean.shape != clean.shape:
            self._count_alike(experiment, clean.shape)
            if not self._able or self._alike < _SETTLED:
                return super().run(experiment, seen, clean, generator)
            recorded = self._recorded = self._record(experiment, seen, clean, generator)
            if recorded is None:
                self._able = False
                return super().run(experiment, seen, clean, generator)
        recorded.clean.copy_(clean)
        if recorded.seen is not recorded.clean:
            recorded.seen.copy_(seen)
        recorded.graph.replay()
        self._recorder.hand_over()
        return {name: term.clone() for name, term in recorded.terms.items()}

    def _count_alike(self, experiment: Experiment, shape: torch.Size) -> None:
        if self._before is None or self._before[0] is not experiment:
            self._alike, self._recorded = 0, None
        elif self._before[1] != shape:  # the last batch of an epoch
            return
        self._before = experiment, shape
        self._alike += 1

    def _record(
        self, experiment: Experiment, seen: Tensor, clean: Tensor, generator: torch.Generator
    ) -> _Graph | None:
        """None where that cannot be: then it goes on without."""
        mine = clean.clone()
        noisy = mine if seen is clean else seen.clone()
        try:
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                for _ in range(_WARM):
                    self._recorder.run(experiment, noisy, mine, generator)
            torch.cuda.current_stream().wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, capture_error_mode="thread_local"):
                terms = self._recorder.run(experiment, noisy, mine, generator)
        except RuntimeError as error:
            if is_out_of_memory(error) or "captur" in str(error):
                return None
            raise
        return _Graph(experiment, mine, noisy, {name: t.detach() for name, t in terms.items()}, graph)


def backpropagation_of(model: Autoencoder) -> Backpropagation | None:
    """What differentiates a network without autograd, if anything does; on a graphics card by graphs."""
    on_card = next(model.parameters()).device.type == "cuda"
    return (GraphedBackpropagation if on_card else Backpropagation).of(model)
