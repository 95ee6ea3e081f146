"""What speaks against a plan, and what speaks for another one."""

from __future__ import annotations

from collections.abc import Iterator

from aegui.errors import Problem
from aegui.plan.facts import Facts
from aegui.plan.layer import PlannedLayer, shape_text
from aegui.spec import KL, SGD, Block, Blur, Experiment, Masking, Poisson

# Adam keeps two numbers per parameter beside the weight and its gradient.
_BYTES_PER_PARAMETER = 16
_BYTES_PER_ACTIVATION = 8  # itself and its gradient
_MANY_PASSES = 32  # code units from which the exact Jacobian is slow


def find_problems(
    experiment: Experiment, facts: Facts, layers: tuple[PlannedLayer, ...]
) -> Iterator[Problem]:
    """Every reason why the run cannot start, with its path."""
    yield from _layer_problems(experiment, facts, layers)
    yield from _loss_problems(experiment, facts)
    yield from _code_problems(experiment)
    yield from _noise_problems(experiment, facts)
    optimizer = experiment.training.optimizer
    if isinstance(optimizer, SGD) and optimizer.nesterov and optimizer.momentum == 0:
        yield Problem("training.optimizer.momentum", "must be above 0 for nesterov, got 0")
    if facts.train < 1:
        yield Problem("data", "leaves no training sample; loosen data.classes, data.normal or data.train")
    if facts.test < 1:
        yield Problem("data", "leaves no test sample; loosen data.classes or data.test")
    too_large = list(_size_problems(facts, layers, experiment.code.variational))
    batch = min(experiment.training.batch, max(facts.train, 1))
    yield from too_large or _batch_problems(facts, layers, batch)


def _layer_problems(
    experiment: Experiment, facts: Facts, layers: tuple[PlannedLayer, ...]
) -> Iterator[Problem]:
    for layer in layers:
        if layer.problem:
            yield Problem(layer.path, layer.problem)
    decoder = experiment.architecture.decoder
    if decoder == "tied":
        for i, spec in enumerate(experiment.architecture.encoder):
            if spec.kind not in ("dense", "dropout", "batch-norm", "layer-norm"):
                yield Problem(
                    "architecture.decoder",
                    f"tied needs dense layers, but architecture.encoder[{i}] is {spec.kind}; take mirror",
                )
                break
    elif decoder != "mirror" and decoder:
        end, wanted = layers[-1].input_shape, facts.grid
        if len(end) == 3 == len(wanted) and end[1:] != wanted[1:]:
            yield Problem(
                "architecture.decoder",
                f"must end at the input's {wanted[1]}×{wanted[2]} pixels, ends at {shape_text(end)};"
                " change the last strides or factors, or take mirror",
            )
    if experiment.penalty.jacobian > 0 and any(
        layer.role == "encoder" and layer.kind == "batch-norm" for layer in layers
    ):
        yield Problem(
            "penalty.jacobian",
            "needs an encoder without batch-norm, which makes a code depend on the other samples of the"
            " batch; take layer-norm",
        )


def _loss_problems(experiment: Experiment, facts: Facts) -> Iterator[Problem]:
    if experiment.training.loss != "bce":
        return
    if facts.low < 0 or facts.high > 1:
        yield Problem(
            "training.loss",
            f"bce needs data between 0 and 1, but the scaled data go from {facts.low:.6g} to"
            f" {facts.high:.6g}, test samples counted; take mse, or the scaling unit",
        )
    if experiment.architecture.output == "linear":
        yield Problem("architecture.output", "must be sigmoid or auto with the loss bce, got linear")


def _code_problems(experiment: Experiment) -> Iterator[Problem]:
    code = experiment.code
    if isinstance(experiment.penalty.code, KL) and code.activation != "sigmoid":
        yield Problem(
            "penalty.code",
            f"kl needs a sigmoid code, whose values are shares between 0 and 1, got {code.activation}",
        )
    if code.variational and code.activation != "linear":
        yield Problem("code.activation", f"must be linear in a variational code, got {code.activation}")
    if code.variational and isinstance(experiment.penalty.code, KL):
        yield Problem("penalty.code", "kl has no meaning for a variational code; take none, l1 or l2")


def _noise_problems(experiment: Experiment, facts: Facts) -> Iterator[Problem]:
    noise = experiment.noise
    if isinstance(noise, Poisson) and facts.low < 0:
        yield Problem(
            "noise.kind",
            f"poisson counts need data of at least 0, but the scaled data start at {facts.low:.3g};"
            " take the scaling unit or minmax, or gaussian noise",
        )
    if isinstance(noise, Blur) and len(facts.grid) != 3:
        yield Problem("noise.kind", "blur needs pictures or signals, whose features have neighbours")


def _size_problems(facts: Facts, layers: tuple[PlannedLayer, ...], variational: bool) -> Iterator[Problem]:
    parameters = total_parameters(layers, variational)
    needed = parameters * _BYTES_PER_PARAMETER
    if facts.memory is not None and needed > facts.memory:
        hidden = [layer for layer in layers if layer.role != "output"]
        widest = max(hidden, key=lambda layer: (bool(layer.path), layer.units))
        yield Problem(
            widest.path or "architecture",
            f"{parameters:,} parameters need about {needed / 2**30:,.0f} GiB to train,"
            f" this machine has {facts.memory / 2**30:,.0f} GiB; take fewer units",
        )


def _batch_problems(facts: Facts, layers: tuple[PlannedLayer, ...], batch: int) -> Iterator[Problem]:
    needed = batch * sum(layer.units for layer in layers) * _BYTES_PER_ACTIVATION
    if facts.memory is not None and needed > facts.memory:
        yield Problem(
            "training.batch",
            f"a step of {batch:,} samples needs about {needed / 2**30:,.0f} GiB,"
            f" this machine has {facts.memory / 2**30:,.0f} GiB; take fewer samples, or smaller layers",
        )


def total_parameters(layers: tuple[PlannedLayer, ...], variational: bool) -> int:
    """Trainable numbers of a network; a variational code has two heads."""
    heads = sum(layer.parameters for layer in layers if layer.role == "code") if variational else 0
    return sum(layer.parameters for layer in layers) + heads


def find_warnings(
    experiment: Experiment, facts: Facts, layers: tuple[PlannedLayer, ...], type_name: str
) -> Iterator[Problem]:
    """What may be meant, but probably is not."""
    yield from _data_warnings(experiment, facts)
    yield from _layer_warnings(experiment, layers)
    if type_name.startswith("overcomplete"):
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


def _layer_warnings(experiment: Experiment, layers: tuple[PlannedLayer, ...]) -> Iterator[Problem]:
    if experiment.training.batch == 1 and any(layer.kind == "batch-norm" for layer in layers):
        yield Problem(
            "training.batch",
            "1 is too few for batch-norm, which compares the samples of a step; take more, or layer-norm",
        )
    deep = any(layer.role == "encoder" for layer in layers) or experiment.code.activation != "sigmoid"
    if experiment.penalty.jacobian > 0 and deep and experiment.code.size >= _MANY_PASSES:
        yield Problem(
            "penalty.jacobian",
            f"each step takes {experiment.code.size} passes back through this encoder; take a smaller"
            " code, or a single sigmoid layer, which takes one",
        )


def _data_warnings(experiment: Experiment, facts: Facts) -> Iterator[Problem]:
    if isinstance(experiment.noise, Masking) and not facts.low <= 0 <= facts.high:
        near = "; with clip, to the nearest end" if experiment.noise.clip else ""
        yield Problem(
            "noise.kind",
            f"masking sets features to 0, outside the data's {facts.low:g}..{facts.high:g}{near}",
        )
    if isinstance(experiment.noise, Block) and len(facts.grid) != 3:
        yield Problem("noise.kind", "block hides columns that stand side by side, which have no order here")
    outside = facts.low < 0 or facts.high > 1
    if experiment.architecture.output == "sigmoid" and outside and experiment.training.loss != "bce":
        yield Problem(
            "architecture.output",
            f"sigmoid gives 0..1 only, but the scaled data go from {facts.low:g} to {facts.high:g}",
        )
