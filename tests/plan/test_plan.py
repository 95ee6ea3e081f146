"""resolve: shapes, parameter counts, the textbook's name, problems and warnings."""

from __future__ import annotations

import dataclasses

import pytest

from aegui.errors import InvalidExperiment
from aegui.plan import Facts, Plan, resolve
from aegui.spec import (
    KL,
    L1,
    Architecture,
    BatchNorm,
    Code,
    Conv,
    Dense,
    Experiment,
    Gaussian,
    Masking,
    Penalty,
    SaltPepper,
    Training,
)

MNIST = Facts(shape=(28, 28), low=0, high=1, train=60_000, test=10_000, classes=10)
SPREAD = dataclasses.replace(MNIST, low=-3.0, high=12.0)


def plan(facts: Facts = MNIST, **parts: object) -> Plan:
    return resolve(Experiment(**parts), facts)  # type: ignore[arg-type]


def problems(facts: Facts = MNIST, **parts: object) -> dict[str, str]:
    return {p.path: p.message for p in plan(facts, **parts).problems}


def warnings(facts: Facts = MNIST, **parts: object) -> dict[str, str]:
    return {p.path: p.message for p in plan(facts, **parts).warnings}


def shapes(found: Plan) -> list[tuple[str, int, int]]:
    return [(layer.role, layer.inputs, layer.units) for layer in found.layers]


def test_that_a_mirrored_decoder_repeats_the_encoder_backwards() -> None:
    encoder = (Dense(units=512, activation="tanh"), Dense(units=128, activation="elu"))
    found = plan(architecture=Architecture(encoder=encoder), code=Code(size=2))
    assert shapes(found) == [
        ("encoder", 784, 512),
        ("encoder", 512, 128),
        ("code", 128, 2),
        ("decoder", 2, 128),
        ("decoder", 128, 512),
        ("output", 512, 784),
    ]
    assert [layer.activation for layer in found.decoder] == ["elu", "tanh"]


def test_that_parameters_are_weights_and_biases() -> None:
    found = plan(architecture=Architecture(encoder=(Dense(units=512),)), code=Code(size=32))
    by_hand = (784 * 512 + 512) + (512 * 32 + 32) + (32 * 512 + 512) + (512 * 784 + 784)
    assert found.parameters == by_hand == 837_424
    assert found.encoder[0].parameters == 401_920


def test_that_a_variational_code_has_two_heads() -> None:
    plain = plan(code=Code(size=2))
    assert plan(code=Code(size=2, variational=True)).parameters == plain.parameters + 128 * 2 + 2


def test_that_without_hidden_layers_code_and_output_meet_the_data() -> None:
    found = plan(architecture=Architecture(encoder=()), code=Code(size=3))
    assert shapes(found) == [("code", 784, 3), ("output", 3, 784)]
    assert found.parameters == 784 * 3 + 3 + 3 * 784 + 784


def test_that_an_explicit_decoder_is_taken_and_its_sizes_have_paths() -> None:
    found = plan(architecture=Architecture(decoder=(Dense(units=7), Dense(units=9))), code=Code(size=4))
    assert shapes(found)[2:] == [("decoder", 4, 7), ("decoder", 7, 9), ("output", 9, 784)]
    assert [layer.path for layer in found.layers] == [
        "architecture.encoder[0].units",
        "code.size",
        "architecture.decoder[0].units",
        "architecture.decoder[1].units",
        "",
    ]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({}, "undercomplete autoencoder"),
        ({"code": Code(size=783)}, "undercomplete autoencoder"),
        ({"code": Code(size=784)}, "overcomplete autoencoder"),
        ({"penalty": Penalty(code=L1())}, "sparse autoencoder"),
        ({"penalty": Penalty(weights_l1=0.1, weights_l2=0.1)}, "undercomplete autoencoder"),
        ({"penalty": Penalty(jacobian=0.1)}, "contractive autoencoder"),
        ({"noise": Masking()}, "denoising autoencoder"),
        ({"code": Code(variational=True)}, "variational autoencoder"),
        ({"penalty": Penalty(code=L1()), "noise": Gaussian()}, "sparse denoising autoencoder"),
        (
            {
                "penalty": Penalty(code=L1(), jacobian=1),
                "noise": SaltPepper(),
                "code": Code(size=2000, variational=True),
            },
            "sparse contractive denoising variational autoencoder",
        ),
    ],
)
def test_that_the_type_is_derived_from_the_parts(parts: dict[str, object], name: str) -> None:
    assert plan(**parts).type == name


@pytest.mark.parametrize(
    ("facts", "loss", "output", "activation"),
    [
        (MNIST, "mse", "auto", "sigmoid"),
        (MNIST, "mse", "linear", "linear"),
        (MNIST, "bce", "auto", "sigmoid"),
        (SPREAD, "mse", "auto", "linear"),
        (SPREAD, "mse", "sigmoid", "sigmoid"),
    ],
)
def test_that_the_output_follows_the_range_unless_asked(
    facts: Facts, loss: str, output: str, activation: str
) -> None:
    found = plan(facts, architecture=Architecture(output=output), training=Training(loss=loss))  # type: ignore[arg-type]
    assert found.output.activation == activation


def test_that_an_ordinary_plan_has_nothing_against_it() -> None:
    found = plan()
    assert (found.problems, found.warnings) == ((), ())
    assert found.check() is found


def test_that_cross_entropy_needs_data_between_0_and_1() -> None:
    message = problems(SPREAD, training=Training(loss="bce"))["training.loss"]
    assert "from -3 to 12" in message and "take mse" in message


def test_that_cross_entropy_needs_a_sigmoid_output() -> None:
    found = problems(training=Training(loss="bce"), architecture=Architecture(output="linear"))
    assert list(found) == ["architecture.output"]


def test_that_kl_sparsity_needs_a_sigmoid_code() -> None:
    penalty = Penalty(code=KL())
    assert "got linear" in problems(penalty=penalty)["penalty.code"]
    assert problems(penalty=penalty, code=Code(activation="sigmoid")) == {}


def test_that_a_variational_code_is_linear_and_takes_no_kl_sparsity() -> None:
    code = Code(variational=True, activation="sigmoid")
    found = problems(code=code, penalty=Penalty(code=KL()))
    assert set(found) == {"code.activation", "penalty.code"}


def test_that_no_samples_are_a_problem() -> None:
    empty = dataclasses.replace(MNIST, train=0, test=0)
    messages = [str(p) for p in plan(empty).problems]
    assert len(messages) == 2 and all(m.startswith("data: leaves no") for m in messages)


def test_that_a_network_larger_than_memory_is_a_problem_of_its_widest_layer() -> None:
    small = dataclasses.replace(MNIST, memory=2**30)
    wide = Architecture(encoder=(Dense(units=100), Dense(units=10**6)))
    found = problems(small, architecture=wide)
    assert (
        list(found) == ["architecture.encoder[1].units"] and "GiB" in found["architecture.encoder[1].units"]
    )
    assert problems(MNIST, architecture=wide) == {}  # not known, so not claimed


def test_that_check_raises_every_problem() -> None:
    found = plan(
        SPREAD,
        training=Training(loss="bce"),
        architecture=Architecture(output="linear"),
        penalty=Penalty(code=KL()),
    )
    with pytest.raises(InvalidExperiment) as caught:
        found.check()
    assert {p.path for p in caught.value.problems} == {
        "training.loss",
        "architecture.output",
        "penalty.code",
    }


def test_that_an_overcomplete_code_that_nothing_regularises_is_warned_of() -> None:
    code = Code(size=1000)
    assert "can learn to copy" in warnings(code=code)["code.size"]
    for parts in ({"noise": Gaussian()}, {"penalty": Penalty(code=L1())}, {"penalty": Penalty(jacobian=1)}):
        assert "code.size" not in warnings(code=code, **parts)


def test_that_a_deep_contractive_encoder_is_said_to_be_slow() -> None:
    slow = {"code": Code(size=64), "penalty": Penalty(jacobian=0.1)}
    assert "64 passes" in warnings(**slow)["penalty.jacobian"]
    one_layer = Architecture(encoder=())
    sigmoid = Code(size=64, activation="sigmoid")
    assert warnings(penalty=Penalty(jacobian=0.1), architecture=one_layer, code=sigmoid) == {}


def test_that_a_step_larger_than_memory_is_a_problem_of_the_batch() -> None:
    small = dataclasses.replace(MNIST, memory=2**28)
    wide = Architecture(encoder=(Conv(channels=64), Conv(channels=64)))
    training = Training(batch=4096)
    found = problems(small, architecture=wide, training=training, code=Code(size=1))
    assert list(found) == ["training.batch"] and "GiB" in found["training.batch"]


def test_that_batch_norm_asks_for_more_than_one_sample() -> None:
    normed = Architecture(encoder=(BatchNorm(), Dense(units=8)))
    assert "batch-norm" in warnings(architecture=normed, training=Training(batch=1))["training.batch"]


def test_that_a_batch_above_the_training_set_is_warned_of() -> None:
    few = dataclasses.replace(MNIST, train=100)
    assert "single step" in warnings(few)["training.batch"]
    assert warnings(few, training=Training(batch=100)) == {}


def test_that_masking_outside_the_range_and_a_narrow_output_are_warned_of() -> None:
    above = dataclasses.replace(MNIST, low=2.0, high=5.0)
    found = warnings(above, noise=Masking(), architecture=Architecture(output="sigmoid"))
    assert set(found) == {"noise.kind", "architecture.output"}


def test_that_resolving_is_pure() -> None:
    experiment = Experiment(penalty=Penalty(code=KL()), code=Code(size=900))
    assert resolve(experiment, MNIST) == resolve(experiment, MNIST)
