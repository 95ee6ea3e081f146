"""The objective of an experiment as mathematics, term by term.

``math`` is the subset of TeX that matplotlib's mathtext typesets; ``plain`` says the same
in letters. Sums over units and features are written, the mean over the batch is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

from aegui.spec.code import Code
from aegui.spec.experiment import Experiment
from aegui.spec.noise import NoNoise
from aegui.spec.penalty import KL, L1, L2, NoPenalty, Penalty
from aegui.spec.terms import term_names
from aegui.spec.training import Training
from aegui.spec.value import Value, describe

_SEEN = {"x": "x", "x̃": r"\tilde{x}"}  # what the network is given
_RECONSTRUCTIONS = {
    "mse": (r"\frac{1}{k}\,\|x-f(g(%s))\|^2", "(1/k)·‖x − f(g(%s))‖²"),
    "mae": (r"\frac{1}{k}\,\|x-f(g(%s))\|_1", "(1/k)·‖x − f(g(%s))‖₁"),
    "bce": (
        r"-\frac{1}{k}\,{\sum}_i\,[\,x_i\log\hat{x}_i+(1-x_i)\log(1-\hat{x}_i)\,]",
        "−(1/k)·Σᵢ [xᵢ log x̂ᵢ + (1−xᵢ) log(1−x̂ᵢ)]",
    ),
    "huber": (r"\frac{1}{k}\,{\sum}_i\,H_\delta(x_i-\hat{x}_i)", "(1/k)·Σᵢ H_δ(xᵢ − x̂ᵢ)"),
}
_PENALTIES: dict[str, tuple[type[Value], str, str]] = {
    "code_l1": (L1, r"\lambda\,{\sum}_j\,|h_j|", "λ·Σⱼ |hⱼ|"),
    "code_l2": (L2, r"\lambda\,{\sum}_j\,h_j^2", "λ·Σⱼ hⱼ²"),
    "code_kl": (KL, r"\lambda\,{\sum}_j\,\mathrm{KL}(\rho\,\|\,\hat{\rho}_j)", "λ·Σⱼ KL(ρ‖ρ̂ⱼ)"),
}
_WEIGHTS = {
    "weights_l1": (r"\lambda_1\,{\sum}\,|w|", "λ₁·Σ |w|"),
    "weights_l2": (r"\lambda_2\,{\sum}\,w^2", "λ₂·Σ w²"),
    "jacobian": (r"\lambda_J\,\|\partial h/\partial %s\|_F^2", "λ_J·‖∂h/∂%s‖²"),
}
_VARIATIONAL = (
    r"\frac{\beta}{k}\,\mathrm{KL}(\,\mathrm{N}(\mu,\sigma^2)\,\|\,\mathrm{N}(0,1)\,)",
    "(β/k)·KL(N(μ, σ²)‖N(0, 1))",
)


@dataclass(frozen=True)
class Term:
    """One term of the objective."""

    name: str  # the column of the history
    math: str
    plain: str
    path: str  # where its factor stands in the experiment, or the loss itself
    choice: str  # where it is switched on, which every experiment has
    tip: str
    numbers: tuple[tuple[str, float], ...] = ()  # ("λ", 1e-4): what its letters stand for


def formula(experiment: Experiment) -> tuple[Term, ...]:
    """The terms of an experiment's objective, in the order of :func:`term_names`."""
    return tuple(term(experiment, name) for name in term_names(experiment))


def plain_formula(terms: tuple[Term, ...]) -> str:
    """``L = (1/k)·‖x − f(g(x̃))‖² + λ·Σⱼ |hⱼ|``."""
    return "L = " + " + ".join(term.plain for term in terms)


def definitions(experiment: Experiment) -> tuple[str, ...]:
    """What letters of the formula stand for that no term gives a number: ``x̃: gaussian noise, σ = 0.3``."""
    terms = formula(experiment)
    seen = "x̃" if is_noisy(experiment) else "x"
    found = []
    if any(t.name.startswith("code_") or t.name == "jacobian" for t in terms):
        found.append(f"h = g({seen})")
    if is_noisy(experiment):
        found.append(_noise_words(experiment))
    return tuple(found)


def is_noisy(experiment: Experiment) -> bool:
    """Whether the network sees x̃ rather than x."""
    return not isinstance(experiment.noise, NoNoise)


def every_math() -> tuple[str, ...]:
    """Whatever ``math`` a term can have."""
    parts = [math for math, _ in (*_RECONSTRUCTIONS.values(), *_WEIGHTS.values(), _VARIATIONAL)]
    parts += [math for _, math, _ in _PENALTIES.values()]
    return tuple(
        dict.fromkeys(math % seen if "%s" in math else math for math in parts for seen in _SEEN.values())
    )


def term(experiment: Experiment, name: str) -> Term:
    """The term of one name; a weight that has been switched off since is 0."""
    plain = "x̃" if is_noisy(experiment) else "x"
    seen = (_SEEN[plain], plain)
    if name in _RECONSTRUCTIONS:
        return _reconstruction(experiment, name, *seen)
    if name in _PENALTIES:
        return _code_penalty(experiment, name)
    if name == "variational_kl":
        return _variational(experiment)
    return _weights(experiment, name, *seen)


def _weights(experiment: Experiment, name: str, seen: str, seen_plain: str) -> Term:
    math, plain = _WEIGHTS[name]
    about, path = describe(Penalty, name), f"penalty.{name}"
    if name == "jacobian":
        math, plain = math % seen, plain % seen_plain
    numbers = ((about.symbol, float(getattr(experiment.penalty, name))),)
    return Term(name, math, plain, path, path, about.tooltip, numbers)


def _reconstruction(experiment: Experiment, name: str, seen: str, seen_plain: str) -> Term:
    math, plain = _RECONSTRUCTIONS[name]
    if "%s" in math:
        math, plain = math % seen, plain % seen_plain
    numbers = (("δ", experiment.training.delta),) if name == "huber" else ()
    path, tip = "training.loss", f"{describe(Training, 'loss').tooltip}\nx̂ = f(g({seen_plain}))"
    return Term(name, math, plain, path, path, tip, numbers)


def _code_penalty(experiment: Experiment, name: str) -> Term:
    owner, math, plain = _PENALTIES[name]
    value = experiment.penalty.code
    numbers: list[tuple[str, float]] = []
    if not isinstance(value, NoPenalty):
        numbers.append(("λ", value.weight))
    if isinstance(value, KL):
        numbers.append(("ρ", value.rho))
    tip = f"{owner.__doc__}\n{describe(owner, 'weight').tooltip}"
    return Term(name, math, plain, "penalty.code.weight", "penalty.code.kind", tip, tuple(numbers))


def _variational(experiment: Experiment) -> Term:
    math, plain = _VARIATIONAL
    tip = "\n".join((describe(Code, "beta").tooltip, describe(Code, "variational").doc))
    numbers = (("β", experiment.code.beta),)
    return Term("variational_kl", math, plain, "code.beta", "code.variational", tip, numbers)


def _noise_words(experiment: Experiment) -> str:
    """The kind of noise and its numbers."""
    noise = experiment.noise
    shown = [describe(noise, name) for name in type(noise).model_fields if name not in ("kind", "clip")]
    numbers = [f"{about.symbol} = {getattr(noise, about.name):g}" for about in shown]
    words = noise.kind.replace("-", " and ")
    return ", ".join([f"x̃: {words}", *numbers])
