"""The best loop that can be written in PyTorch by hand, and the one of the textbooks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from tests.benchmarks.contestants.contest import CHANNELS, CODE, RATE, SIGMA, UNITS, Task, Turn, timed

Loss = Callable[[nn.Module, Tensor], Tensor]  # of a clean batch (B, 784)


def dense() -> nn.Sequential:
    """784-128-64-32-64-128-784."""
    sizes = (784, *UNITS, CODE, *reversed(UNITS), 784)
    layers: list[nn.Module] = []
    for inputs, units in pairwise(sizes):
        layers += [nn.Linear(inputs, units), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def convolutional() -> nn.Sequential:
    """Two strided convolutions, a code of 32, and the same backwards."""
    first, second = CHANNELS
    halving: dict[str, Any] = {"kernel_size": 3, "stride": 2, "padding": 1}
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, first, **halving),
        nn.ReLU(),
        nn.Conv2d(first, second, **halving),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(second * 49, CODE),
        nn.ReLU(),
        nn.Linear(CODE, second * 49),
        nn.ReLU(),
        nn.Unflatten(1, (second, 7, 7)),
        nn.ConvTranspose2d(second, first, output_padding=1, **halving),
        nn.ReLU(),
        nn.ConvTranspose2d(first, 1, output_padding=1, **halving),
        nn.Flatten(),
    )


class Variational(nn.Module):
    """The dense one with a mean and a logarithm of the variance as its code."""

    def __init__(self) -> None:
        super().__init__()
        layers = list(dense())
        self.encoder, self.decoder = nn.Sequential(*layers[:4]), nn.Sequential(*layers[6:])
        self.mean, self.log_var = nn.Linear(UNITS[-1], CODE), nn.Linear(UNITS[-1], CODE)

    def forward(self, x: Tensor) -> Tensor:
        """The reconstruction under the mean of the code."""
        reconstruction: Tensor = self.decoder(self.mean(self.encoder(x)))
        return reconstruction


def reconstructing(model: nn.Module, clean: Tensor) -> Tensor:
    """MSE."""
    return F.mse_loss(model(clean), clean)


def denoising(model: nn.Module, clean: Tensor) -> Tensor:
    """MSE of what is made of the noisy input, which is kept between 0 and 1."""
    noisy = torch.randn_like(clean).mul_(SIGMA).add_(clean).clamp_(0, 1)
    return F.mse_loss(model(noisy), clean)


def bounding(model: nn.Module, clean: Tensor) -> Tensor:
    """MSE and the divergence of the code from a standard normal one, both by feature."""
    model = cast(Variational, model)
    hidden = model.encoder(clean)
    mean, log_var = model.mean(hidden), model.log_var(hidden)
    code = mean + torch.exp(log_var / 2) * torch.randn_like(mean)
    divergence = 0.5 * (log_var.exp() + mean.square() - 1 - log_var).sum(dim=1).mean()
    bound: Tensor = F.mse_loss(model.decoder(code), clean) + divergence / clean.shape[1]
    return bound


_WAYS: dict[str, tuple[Callable[[], nn.Module], Loss]] = {
    "dense": (dense, reconstructing),
    "convolutional": (convolutional, reconstructing),
    "denoising": (dense, denoising),
    "variational": (Variational, bounding),
}


def fused_adam(model: nn.Module) -> torch.optim.Optimizer:
    """One pass over all parameters."""
    return torch.optim.Adam(model.parameters(), lr=RATE, fused=True)


def epoch(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_of: Loss,
    samples: Tensor,
    order: Tensor,
    batch: int,
    losses: Tensor,
) -> None:
    """Trains on the samples in an order, and leaves the loss of each batch in a tensor on the device."""
    for step, start in enumerate(range(0, len(order), batch)):
        loss = loss_of(model, samples[order[start : start + batch]])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses[step] = loss.detach()


class Bare:
    """The whole set in one tensor, slices of a permutation, a fused optimiser, no look at the loss."""

    def __init__(self, task: Task, device: str = "cpu") -> None:
        torch.manual_seed(0)
        self._task = task
        self._samples, self._tests = (torch.from_numpy(x).to(device) for x in task.arrays())
        make, self._loss_of = _WAYS[task.kind]
        self._model = make().to(device)
        self._optimizer = fused_adam(self._model)
        self._losses = torch.empty(-(-task.samples // task.batch), device=device)

    def train(self, epochs: int) -> Turn:
        turn = Turn(epochs * len(self._samples))
        torch.set_flush_denormal(True)  # moments of dead units would become so small that they take long
        with timed(turn):
            for _ in range(epochs):
                order = torch.randperm(len(self._samples), device=self._samples.device)
                batch, losses = self._task.batch, self._losses
                epoch(self._model, self._optimizer, self._loss_of, self._samples, order, batch, losses)
                self._end_epoch()
            float(self._losses[-1])  # a device has done everything when this is known
        return turn

    @torch.no_grad()
    def score(self) -> float:
        return float(F.mse_loss(self._model(self._tests), self._tests))

    def _end_epoch(self) -> None:
        """Nothing."""


class Evaluating(Bare):
    """The same, and the test set after every epoch, as every run of aegui does."""

    def _end_epoch(self) -> None:
        self.score()


class Textbook(Bare):
    """A DataLoader, the optimiser as it is by default, and the loss as a number after each step."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self._loader = DataLoader(TensorDataset(self._samples), batch_size=task.batch, shuffle=True)
        self._optimizer = torch.optim.Adam(self._model.parameters(), lr=RATE)

    def train(self, epochs: int) -> Turn:
        turn = Turn(epochs * len(self._samples))
        with timed(turn):
            for _ in range(epochs):
                total = 0.0
                for (clean,) in self._loader:
                    self._optimizer.zero_grad()
                    loss = self._loss_of(self._model, clean)
                    loss.backward()
                    self._optimizer.step()
                    total += loss.item()
        return turn
