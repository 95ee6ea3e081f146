"""Puts the user's wishes and the facts of the data together.

``resolve`` is pure: no file, no torch, the same answer for the same two values.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from aegui.errors import InvalidExperiment, Problem
from aegui.plan.chain import chain, pair
from aegui.plan.checks import find_problems, find_warnings, total_parameters
from aegui.plan.facts import Facts
from aegui.plan.layer import PlannedLayer, Shape
from aegui.plan.mirror import mirrored
from aegui.spec import Experiment, NoNoise, NoPenalty
from aegui.spec.layers import Activation

_OUTPUT_KERNEL = 3  # of the convolution that ends an explicit decoder of pictures


@dataclass(frozen=True)
class Plan:
    """A network that could be built, and everything that speaks against it."""

    type: str
    facts: Facts
    encoder: tuple[PlannedLayer, ...]
    code: PlannedLayer
    decoder: tuple[PlannedLayer, ...]
    output: PlannedLayer
    variational: bool
    problems: tuple[Problem, ...] = field(default=())
    warnings: tuple[Problem, ...] = field(default=())

    @property
    def layers(self) -> tuple[PlannedLayer, ...]:
        """Every layer from the input to the reconstruction."""
        return (*self.encoder, self.code, *self.decoder, self.output)

    @property
    def parameters(self) -> int:
        """Trainable numbers of the whole network; a variational code has two heads."""
        return total_parameters(self.layers, self.variational)

    def check(self) -> Plan:
        """The plan itself. Raises InvalidExperiment with every problem if there are any."""
        if self.problems:
            raise InvalidExperiment(self.problems)
        return self


def resolve(experiment: Experiment, facts: Facts) -> Plan:
    """Puts the user's wishes and the facts of the data together."""
    architecture, along = experiment.architecture, facts.layout == "signal"
    encoder = tuple(chain(architecture.encoder, facts.grid, "encoder", "architecture.encoder", along=along))
    given = encoder[-1].output_shape if encoder else facts.grid
    size = (experiment.code.size,)
    code = PlannedLayer("code", "dense", given, size, experiment.code.activation, "code.size")
    activation = output_activation(experiment, facts)
    if isinstance(architecture.decoder, str):
        *decoder, output = mirrored(encoder, code, activation, tied=architecture.decoder == "tied")
    else:
        decoder = list(chain(architecture.decoder, size, "decoder", "architecture.decoder", along=along))
        output = _output(decoder[-1].output_shape if decoder else size, facts, activation, along)
    name = type_name(experiment, facts)
    plan = Plan(name, facts, encoder, code, tuple(decoder), output, experiment.code.variational)
    problems, warnings = (
        find_problems(experiment, facts, plan.layers),
        find_warnings(experiment, facts, plan.layers, name),
    )
    return dataclasses.replace(plan, problems=tuple(problems), warnings=tuple(warnings))


def type_name(experiment: Experiment, facts: Facts) -> str:
    """The textbook's name, derived from the parts so that it cannot contradict them."""
    names = []
    if not isinstance(experiment.penalty.code, NoPenalty):
        names.append("sparse")
    if experiment.penalty.jacobian > 0:
        names.append("contractive")
    if not isinstance(experiment.noise, NoNoise):
        names.append("denoising")
    if experiment.code.variational:
        names.append("variational")
    if not names:
        names.append("undercomplete" if experiment.code.size < facts.features else "overcomplete")
    return " ".join([*names, "autoencoder"])


def output_activation(experiment: Experiment, facts: Facts) -> Activation:
    """Sigmoid for pictures between 0 and 1 and with cross-entropy, else linear, unless asked otherwise."""
    if experiment.architecture.output != "auto":
        return experiment.architecture.output
    in_unit_range = facts.low >= 0 and facts.high <= 1 and facts.layout == "picture"
    return "sigmoid" if in_unit_range or experiment.training.loss == "bce" else "linear"


def _output(given: Shape, facts: Facts, activation: Activation, along: bool) -> PlannedLayer:
    """A convolution where an explicit decoder ends in a picture of the input's size, else a dense layer."""
    if len(given) == 3 == len(facts.grid) and given[1:] == facts.grid[1:]:
        kernel = pair(_OUTPUT_KERNEL, 1, along)
        padding = pair(_OUTPUT_KERNEL // 2, 0, along)
        return PlannedLayer("output", "conv", given, facts.grid, activation, kernel=kernel, padding=padding)
    return PlannedLayer("output", "dense", given, facts.grid, activation)
