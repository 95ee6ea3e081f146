"""The whole script of a run."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterator
from typing import Any

import numpy as np

import aegui
from aegui.analysis.metrics import Metrics
from aegui.data.dataset import Dataset, working_type
from aegui.nets.autoencoder import Autoencoder
from aegui.objectives.noise import Space
from aegui.plan import Plan, type_name
from aegui.runs.script.model import draws, model_source
from aegui.runs.script.noise import noise_source
from aegui.runs.script.objective import objective_source
from aegui.runs.script.text import block, indented
from aegui.runs.script.training import optimizer_source, rate_source
from aegui.spec import Constant, Experiment
from aegui.spec.formula import is_noisy
from aegui.training.evaluation import chunk_size
from aegui.training.kept_noise import BLOCK, LARGEST

_WIDTH = 100

_IMPORTS = block("""
    import argparse
    import math
    import zlib
    from pathlib import Path

    import numpy as np
    import torch
    from torch import nn
    from torch.nn import functional as F
    """)
_STREAMS = block('''
    def stream_seed(seed, name, *numbers):
        """A seed for one of the independent random streams of a run."""
        sequence = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()), *numbers))
        return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))


    def generator_of(device, name, *numbers):
        """The random numbers of one stream."""
        return torch.Generator(device).manual_seed(stream_seed(SEED, name, *numbers))
''')
_INITIALISE = block('''
    def initialise(model):
        """Every weight and bias uniform in ±1/√n, n the numbers that a unit or a kernel is given."""
        generator = generator_of("cpu", "weights")
        for layer in model.modules():
            if isinstance(layer, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
                bound, drawn = 1 / math.sqrt(layer.weight[0].numel()), (layer.weight, layer.bias)
    TIED        else:
                continue
            with torch.no_grad():
                for parameter in drawn:
                    parameter.uniform_(-bound, bound, generator=generator)
''')
_TIED = """\
        elif isinstance(layer, Transposed):
            bound, drawn = 1 / math.sqrt(layer.of[0].out_features), (layer.bias,)
"""
_BLOCKS = block('''
    def corrupted(samples):
        """Noisy samples (N, k), a block at a time, each from its own seed: the same every time."""
        seed, parts = stream_seed(SEED, "test-noise"), []
        for number, start in enumerate(range(0, len(samples), BLOCK)):
            generator = torch.Generator(DEVICE).manual_seed(stream_seed(seed, "test-noise", number))
            parts.append(corrupt(scaled(samples[start : start + BLOCK]), generator))
        return torch.cat(parts)
''')
_WHOLE = block('''
    def corrupted(samples):
        """Noisy samples (N, k), the same every time."""
        return corrupt(scaled(samples), generator_of(DEVICE, "test-noise"))
''')
_EVALUATE = block('''
    @torch.no_grad()
    def evaluate(model, test, seen):
        """The test MSE: mean of (x − x̂)² over samples and features, against the clean samples."""
        model.eval()
        errors = []
        for start in range(0, len(test), CHUNK):
            rows = slice(start, start + CHUNK)
            clean = scaled(test[rows])
            logits = model(clean if seen is None else seen[rows])[1]
            errors.append((model.reconstruction(logits) - clean).square().mean(dim=1))
        model.train()
        return float(torch.cat(errors).cpu().mean(dtype=torch.float64))
''')
_MAIN = block('''
    def main():
        """Trains, or takes the weights of the run; prints the test MSE."""
        parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
        parser.add_argument("--weights", action="store_true", help="take the run's weights, do not train")
        arguments = parser.parse_args()
        torch.set_num_threads(THREADS)
        with np.load(HERE / "data.npz") as data:
            train_samples, test = torch.from_numpy(data["train"]), torch.from_numpy(data["test"])
        seen = SEEN
        model = Autoencoder()
        if arguments.weights:
            with np.load(HERE / "weights.npz") as file:
                model.load_state_dict({name: torch.from_numpy(file[name]) for name in file})
            model.to(DEVICE)
        else:
            initialise(model)
            train(model.to(DEVICE), train_samples, test, seen)
        mse = evaluate(model, test, seen)
        print(f"test MSE {mse!r}")
        print(f"of the run {RUN_MSE!r}, relative difference {abs(mse / RUN_MSE - 1):.1e}")


    if __name__ == "__main__":
        main()
''')


def script_source(experiment: Experiment, dataset: Dataset, model: Autoencoder, metrics: Metrics) -> str:
    """The script that trains the network of an experiment again, or measures it with its weights."""
    plan, rest = model.plan, len(dataset.train) % experiment.training.batch
    parts = [
        _docstring(experiment, dataset, metrics),
        _IMPORTS,
        _constants(experiment, dataset, model, metrics),
        _STREAMS,
        _scaled(dataset),
        noise_source(experiment.noise, Space.of(plan.facts)),
        model_source(plan, single=1 in (rest, experiment.training.batch)),
        _INITIALISE.replace("TIED", _TIED if _is_tied(plan) else ""),
        objective_source(experiment, plan),
        rate_source(experiment.training),
        _corrupted(experiment, dataset),
        _EVALUATE,
        _train(experiment, plan),
        _MAIN.replace("SEEN", "corrupted(test)" if is_noisy(experiment) else "None"),
    ]
    head, *bodies = [part for part in parts if part]
    return "\n\n".join([head, bodies[0], bodies[1]]) + "\n\n\n" + "\n\n\n".join(bodies[2:]) + "\n"


def _docstring(experiment: Experiment, dataset: Dataset, metrics: Metrics) -> str:
    title = _said(experiment.title.strip() or "Untitled")
    data = f"{len(dataset.train):,} training and {len(dataset.test):,} test samples"
    paragraphs = [
        f"{_said(type_name(experiment, dataset.facts())).capitalize()} on {_said(dataset.title)} ({data}),"
        f" by aegui {aegui.__version__}; needs torch, numpy, and data.npz and weights.npz beside it.",
        *_reservations(metrics),
    ]
    usage = [
        "python script.py            trains from scratch and prints the test MSE",
        "python script.py --weights  takes the weights of the run instead of training",
    ]
    filled = "\n\n".join(textwrap.fill(p, _WIDTH) for p in paragraphs)
    return f'"""{title}.\n\n{filled}\n\n{indented(usage)}\n"""'


def _reservations(metrics: Metrics) -> Iterator[str]:
    """Why training anew may give other numbers than the run."""
    if changes := metrics.get("live_changes"):
        told = "; ".join(f"{_said(str(c['path']))} at step {c['step']:,}" for c in changes)
        yield (
            f"Settings were changed while the run trained ({told}). This script has the last values from the"
            " start, so training from scratch gives other numbers."
        )
    if reason := str(metrics.get("end_reason", "")):
        diverged = "finite" in reason  # which leaves the weights of an earlier step
        more = "; its weights are those of a step before, which training from scratch goes beyond" * diverged
        yield f"The run was over before its last epoch: {_said(reason)}{more}."


def _said(text: str) -> str:
    """Text that can stand in a docstring."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown.replace("\\", "\\\\").replace('"', "'")


def _constants(experiment: Experiment, dataset: Dataset, model: Autoencoder, metrics: Metrics) -> str:
    training = experiment.training
    values: list[tuple[str, Any, str]] = [
        ("SEED", experiment.seed, "of weights, order and noise"),
        ("DEVICE", str(metrics.get("device", "cpu")), ""),
        ("THREADS", int(metrics.get("threads", 1)), "as many as in the run, or sums are rounded otherwise"),
        ("RATE", training.rate, "learning rate"),
        ("BATCH", training.batch, "samples per step"),
        ("STEPS_PER_EPOCH", -(-len(dataset.train) // training.batch), ""),
        ("EPOCHS", training.epochs, "of the whole run"),
        ("STEPS", int(metrics["steps"]), "updates that the run made"),
        ("CHUNK", chunk_size(model), "samples that are measured together"),
        ("RUN_MSE", float(metrics["test"]["mse"]), "test MSE of the run"),
    ]
    if isinstance(training.schedule, Constant):
        values = [value for value in values if value[0] != "EPOCHS"]
    if is_noisy(experiment) and not _small(dataset):
        values.append(("BLOCK", BLOCK, "test samples that get their noise together"))
    lines = [f"{name} = {_literal(value)}{f'  # {note}' if note else ''}" for name, value, note in values]
    return "\n".join(["HERE = Path(__file__).parent", *lines])


def _literal(value: Any) -> str:
    """A value as Python would read it, whatever a text may be: the metrics may be somebody else's."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _scaled(dataset: Dataset) -> str:
    scaling, floats = dataset.scaling, working_type(dataset.train.stored.dtype)
    lines = [f"x = stored.to(torch.{floats.__name__}, copy=True)"]
    numbers = []
    for name, values in (("shift", scaling.shift), ("factor", scaling.factor)):
        if name == "shift" and not np.any(values):
            continue
        tensor = f"torch.from_numpy(file[{name!r}])".replace("'", '"')
        numbers.append(f"{name.upper()} = {tensor}.to(torch.{floats.__name__})")
    read = indented(['with np.load(HERE / "data.npz") as file:', *(f"    {n}" for n in numbers)], 0)
    lines += ["x -= SHIFT"] * (len(numbers) == 2) + ["return x.mul_(FACTOR).float().to(DEVICE)"]
    doc = f'"""Stored samples as the network sees them, float32 (B, k): scaling {dataset.scaling.kind}."""'
    return f"{read}\n\n\ndef scaled(stored):\n{indented([doc, *lines])}"


def _corrupted(experiment: Experiment, dataset: Dataset) -> str:
    if not is_noisy(experiment):
        return ""
    return _WHOLE if _small(dataset) else _BLOCKS


def _small(dataset: Dataset) -> bool:
    return len(dataset.test) * dataset.features <= LARGEST


def _is_tied(plan: Plan) -> bool:
    return any(layer.tied is not None for layer in plan.layers)


def _train(experiment: Experiment, plan: Plan) -> str:
    training, noisy = experiment.training, is_noisy(experiment)
    seen = "corrupt(clean, generator)" if noisy else "clean"
    lines = [
        f"optimizer = {optimizer_source(training)}",
        'noise_seed = stream_seed(SEED, "noise")',
        "losses = []",
        "for step in range(STEPS):",
        "    epoch, position = divmod(step, STEPS_PER_EPOCH)",
        "    if position == 0:",
        '        order = torch.randperm(len(samples), generator=generator_of("cpu", "shuffle", epoch))',
        "    generator = torch.Generator(DEVICE)",
        "    generator.manual_seed((noise_seed + step * 0x9E3779B1) & 0xFFFFFFFF)",
        "    clean = scaled(samples[order[position * BATCH : (position + 1) * BATCH]])",
        f"    parts = terms(model, {seen}, clean{', generator' if draws(plan) else ''})",
        "    loss = torch.stack([*parts.values()]).sum()",
        "    optimizer.zero_grad()",
        "    loss.backward()",
    ]
    if training.clip_norm > 0:
        lines.append(f"    nn.utils.clip_grad_norm_(model.parameters(), {training.clip_norm!r})")
    if not isinstance(training.schedule, Constant):
        lines += ["    for group in optimizer.param_groups:", '        group["lr"] = rate(step)']
    lines += [
        "    optimizer.step()",
        "    losses.append(loss.detach() * len(clean))",
        "    if (step + 1) % STEPS_PER_EPOCH == 0:",
        "        mse, mean = evaluate(model, test, seen), float(torch.stack(losses).sum()) / len(samples)",
        '        print(f"epoch {epoch + 1:>3}  train loss {mean:.6f}  test MSE {mse:.6f}", flush=True)',
        "        losses.clear()",
    ]
    doc = '"""The updates of the run, in the same order, with the same random numbers."""'
    return f"def train(model, samples, test, seen):\n{indented([doc, *lines])}"
