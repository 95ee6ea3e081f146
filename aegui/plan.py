"""What an experiment amounts to on given data: shapes, parameter counts, type, problems.

``resolve`` is pure: no file, no torch, the same answer for the same two values.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from aegui.errors import InvalidExperiment, Problem
from aegui.spec import KL, Dense, Experiment, Masking, NoNoise, NoPenalty

# Adam keeps two numbers per parameter beside the weight and its gradient.
_BYTES_PER_PARAMETER = 16


@dataclass(frozen=True)
class Facts:
    """What the plan has to know about the data, after its limits and scaling were applied."""

    shape: tuple[int, ...]
    low: float
    high: float
    train: int
    test: int
    classes: int = 0
    memory: int | None = None  # bytes of this machine, None if not known

    @property
    def features(self) -> int:
        """k, the number of features of one sample."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class PlannedLayer:
    """One layer with the shapes that it takes and gives."""

    role: str  # "encoder", "code", "decoder" or "output"
    inputs: int
    units: int
    activation: str
    path: str  # where its size stands in the experiment; empty for mirrored layers and the output

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.inputs * self.units + self.units


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
        heads = 2 if self.variational else 1
        return sum(layer.parameters for layer in self.layers) + (heads - 1) * self.code.parameters

    def check(self) -> Plan:
        """The plan itself. Raises InvalidExperiment with every problem if there are any."""
        if self.problems:
            raise InvalidExperiment(self.problems)
        return self


def resolve(experiment: Experiment, facts: Facts) -> Plan:
    """Puts the user's wishes and the facts of the data together."""
    encoder = tuple(
        _chain(experiment.architecture.encoder, facts.features, "encoder", "architecture.encoder")
    )
    inputs = encoder[-1].units if encoder else facts.features
    code = PlannedLayer("code", inputs, experiment.code.size, experiment.code.activation, "code.size")
    decoder = tuple(_decoder(experiment))
    output = PlannedLayer(
        "output",
        decoder[-1].units if decoder else experiment.code.size,
        facts.features,
        output_activation(experiment, facts),
        "",
    )
    plan = Plan(
        type_name(experiment, facts), facts, encoder, code, decoder, output, experiment.code.variational
    )
    problems, warnings = _problems(experiment, facts, plan), _warnings(experiment, facts)
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


def output_activation(experiment: Experiment, facts: Facts) -> str:
    """Sigmoid where the data fill 0..1 or the loss is cross-entropy, unless asked otherwise."""
    if experiment.architecture.output != "auto":
        return experiment.architecture.output
    in_unit_range = facts.low >= 0 and facts.high <= 1
    return "sigmoid" if in_unit_range or experiment.training.loss == "bce" else "linear"


def _chain(layers: tuple[Dense, ...], inputs: int, role: str, path: str) -> Iterator[PlannedLayer]:
    for i, layer in enumerate(layers):
        yield PlannedLayer(role, inputs, layer.units, layer.activation, f"{path}[{i}].units" if path else "")
        inputs = layer.units


def _decoder(experiment: Experiment) -> Iterator[PlannedLayer]:
    architecture = experiment.architecture
    if architecture.decoder == "mirror":
        return _chain(architecture.encoder[::-1], experiment.code.size, "decoder", "")
    return _chain(architecture.decoder, experiment.code.size, "decoder", "architecture.decoder")


def _problems(experiment: Experiment, facts: Facts, plan: Plan) -> Iterator[Problem]:
    training, code = experiment.training, experiment.code
    span = f"from {facts.low:.3g} to {facts.high:.3g}"
    if training.loss == "bce" and (facts.low < 0 or facts.high > 1):
        yield Problem(
            "training.loss",
            f"bce needs data between 0 and 1, but the scaled data go {span}; take mse, or the scaling unit",
        )
    if training.loss == "bce" and experiment.architecture.output == "linear":
        yield Problem("architecture.output", "must be sigmoid or auto with the loss bce, got linear")
    if isinstance(experiment.penalty.code, KL) and code.activation != "sigmoid":
        yield Problem(
            "penalty.code",
            f"kl needs a sigmoid code, whose values are shares between 0 and 1, got {code.activation}",
        )
    if code.variational and code.activation != "linear":
        yield Problem("code.activation", f"must be linear in a variational code, got {code.activation}")
    if code.variational and isinstance(experiment.penalty.code, KL):
        yield Problem("penalty.code", "kl has no meaning for a variational code; take none, l1 or l2")
    if facts.train < 1:
        yield Problem("data", "leaves no training sample; loosen data.classes, data.normal or data.train")
    if facts.test < 1:
        yield Problem("data", "leaves no test sample; loosen data.classes or data.test")
    yield from _size_problems(facts, plan)


def _size_problems(facts: Facts, plan: Plan) -> Iterator[Problem]:
    needed = plan.parameters * _BYTES_PER_PARAMETER
    if facts.memory is not None and needed > facts.memory:
        widest = max((*plan.encoder, plan.code, *plan.decoder), key=lambda layer: layer.units)
        yield Problem(
            widest.path or "architecture",
            f"{plan.parameters:,} parameters need about {needed / 2**30:,.0f} GiB to train,"
            f" this machine has {facts.memory / 2**30:,.0f} GiB; take fewer units",
        )


def _warnings(experiment: Experiment, facts: Facts) -> Iterator[Problem]:
    if type_name(experiment, facts).startswith("overcomplete"):
        yield Problem(
            "code.size",
            f"{experiment.code.size} units are not fewer than the {facts.features} features, and nothing"
            " regularises the code: the network can learn to copy; add a penalty or noise",
        )
    if experiment.training.batch > facts.train > 0:
        yield Problem(
            "training.batch",
            f"{experiment.training.batch} is more than the {facts.train} training samples:"
            " each epoch is a single step",
        )
    if isinstance(experiment.noise, Masking) and not facts.low <= 0 <= facts.high:
        yield Problem(
            "noise.kind", f"masking sets features to 0, outside the data's {facts.low:g}..{facts.high:g}"
        )
    outside = facts.low < 0 or facts.high > 1
    if experiment.architecture.output == "sigmoid" and outside and experiment.training.loss == "mse":
        yield Problem(
            "architecture.output",
            f"sigmoid gives 0..1 only, but the scaled data go from {facts.low:g} to {facts.high:g}",
        )
