"""The parts of a report, each a piece of HTML."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from aegui.plan import resolve
from aegui.plan.layer import shape_text
from aegui.runs.figure_file import facts, figure_bytes
from aegui.runs.figures import TITLES, figures
from aegui.runs.measured import MeasuredRun
from aegui.runs.report.html import Html, joined, table, tag, void
from aegui.runs.report.mathematics import math_svg
from aegui.runs.report.meanings import told
from aegui.spec import Experiment, describe, dumps, get, join_path, label_of, plain, split_path
from aegui.spec.edits import flatten
from aegui.spec.formula import definitions, formula, plain_formula

_DPI = 150  # of clouds of points within a drawing
_HEADLINES = ("test.mse", "baselines.pca_mse", "baselines.noisy_mse", "parameters", "timing.train_seconds")
_PARTS = ("data", "architecture", "code", "penalty", "noise", "training")
_CAPTIONS = {
    "loss": "Loss over the epochs. Train: running mean over an epoch. Test: at its end.",
    "pictures": "Samples of the test set on their way through the network, with the error MSEᵢ of each.",
    "latent": "The code of every test sample.",
}


def headlines(metrics: Mapping[str, Any]) -> Html:
    """The numbers to know first."""
    found = {meaning.path: (meaning, text) for meaning, text in told(metrics)}
    cards = (
        tag("div", tag("b", text), tag("span", meaning.label), title=meaning.text)
        for meaning, text in (found[path] for path in _HEADLINES if path in found)
    )
    return tag("div", *cards, class_="headlines")


def objective(experiment: Experiment) -> Html:
    """The formula, with what each letter stands for."""
    terms = formula(experiment)
    pieces = [tag("span", math_svg(r"\mathcal{L}\;=", "L ="), class_="term")]
    for i, term in enumerate(terms):
        numbers = ", ".join(f"{letter} = {value:g}" for letter, value in term.numbers)
        sign = [math_svg("+", "+"), Html("&ensp;")] if i else []
        drawn = tag("span", *sign, math_svg(term.math, term.plain))
        pieces.append(tag("span", drawn, tag("small", f"{term.name}  {numbers}".strip()), class_="term"))
    legend = "; ".join(definitions(experiment))
    said = "What the optimiser lowers, a mean over the batch. x̂ = f(g(·)) is the reconstruction."
    return joined(
        [
            tag("div", *pieces, class_="formula", title=plain_formula(terms)),
            tag("p", f"{said} {legend}".strip()),
        ]
    )


def drawings(run: MeasuredRun) -> Html:
    """Every figure, on white as on paper."""
    found = []
    for name, figure in figures(run.snapshot, run.dataset).items():
        about = facts(TITLES[name], run.snapshot, run.dataset, run.metrics)
        data = base64.b64encode(figure_bytes(figure, "svg", about, _DPI)).decode("ascii")
        picture = void("img", src=f"data:image/svg+xml;base64,{data}", alt=_CAPTIONS[name])
        found.append(tag("figure", picture, tag("figcaption", _CAPTIONS[name]), class_=name))
    return joined(found)


def measured(metrics: Mapping[str, Any]) -> Html:
    """Every metric with its meaning."""
    rows = [(meaning.label, text, meaning.text) for meaning, text in told(metrics)]
    return table(("Metric", "Value", "Meaning"), rows, numbers=(1,))


def network(run: MeasuredRun) -> Html:
    """Every layer with its shapes."""
    plan = resolve(run.snapshot.experiment, run.dataset.facts())
    rows: list[tuple[str, ...]] = [("input", "", "", shape_text(run.dataset.facts().grid), "")]
    for layer in plan.layers:
        kind = f"{layer.kind}, tied" if layer.tied is not None else layer.kind
        times = 2 if layer.role == "code" and plan.variational else 1  # mean and log-variance
        size, count = shape_text(layer.output_shape), f"{layer.parameters * times:,}"
        rows.append((layer.role, kind, layer.activation, size, count))
    total = f"{plan.parameters:,} trainable numbers."
    heads = ("Part", "Layer", "Activation", "Gives", "Parameters")
    return joined([table(heads, rows, numbers=(3, 4)), tag("p", total)])


def settings(experiment: Experiment) -> Html:
    """Every setting by part, with what it means."""
    found = []
    for part in _PARTS:
        rows = [_setting(experiment, path) for path in flatten(experiment) if path.partition(".")[0] == part]
        found += [tag("h3", part.capitalize()), table(("Setting", "Value", "Meaning"), rows)]
    return tag("div", *found, tag("p", f"Seed {experiment.seed}."), class_="settings")


def _setting(experiment: Experiment, path: str) -> tuple[str, str, str]:
    *parents, name = split_path(path)
    owner = get(experiment, join_path(tuple(parents)))
    text = (type(owner).__doc__ or "").strip() if name == "kind" else describe(owner, str(name)).doc
    sentence = text[:1].upper() + text[1:]
    return label_of(experiment, path), _value(get(experiment, path)), sentence.rstrip(".")


def _value(value: Any) -> str:
    match plain(value):
        case None | []:
            return "empty"
        case bool(found):
            return "yes" if found else "no"
        case str(found):
            return found
        case [{}, *_] as layers:
            return "; ".join(" ".join(str(part) for part in layer.values()) for layer in layers)
        case found:
            return json.dumps(found, ensure_ascii=False)


def repeat(run: MeasuredRun) -> Html:
    """How to get the same numbers again, with the experiment file."""
    mse, seconds = run.metrics["test"]["mse"], run.metrics.get("timing", {}).get("train_seconds")
    took = (
        f" It took {seconds:,.0f} s of training." if isinstance(seconds, int | float) and seconds >= 1 else ""
    )
    words = (
        "Save the experiment below as experiment.toml, then run this. On the same kind of processor with the"
        f" same versions it gives the test MSE of {mse:.9g} again.{took}"
    )
    command = "aegui train experiment.toml --out run\naegui evaluate run"
    return joined(
        [
            tag("p", words),
            tag("pre", command),
            *_changes(run.metrics),
            tag("p", _ground(run)),
            tag("details", tag("summary", "The experiment"), tag("pre", dumps(run.snapshot.experiment))),
        ]
    )


def _changes(metrics: Mapping[str, Any]) -> Iterator[Html]:
    """What was changed while training, which no file repeats."""
    changes = metrics.get("live_changes") or []
    if not changes:
        return
    yield tag("p", "These settings were changed while training, so training anew gives other numbers:")
    yield table(
        ("Step", "Setting", "Value"), [(f"{c['step']:,}", c["path"], str(c["value"])) for c in changes]
    )


def _ground(run: MeasuredRun) -> str:
    """What it was computed with, and on which data."""
    metrics, dataset = run.metrics, run.dataset
    versions = ", ".join(f"{name} {number}" for name, number in metrics.get("versions", {}).items())
    threads = metrics.get("threads")
    place = f"on {metrics.get('device', 'cpu')}" + (
        f" with {threads} thread{'s' * (threads != 1)}" if threads else ""
    )
    return f"Computed {place}; {versions}. Data: {dataset.title}. {dataset.source}".strip()


def warnings(run: MeasuredRun) -> Html:
    """Warnings of the plan, as the window shows them."""
    found = resolve(run.snapshot.experiment, run.dataset.facts()).warnings
    return joined(tag("p", str(warning), class_="warning") for warning in found)
