"""The presets that ship: an experiment each, with the reason for its values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from aegui.errors import InvalidInput
from aegui.resources import resource
from aegui.spec.edits import replace, validated
from aegui.spec.experiment import Experiment
from aegui.spec.problems import closest

_DEMO_EPOCHS = 5


@dataclass(frozen=True)
class Preset:
    """An experiment to start from."""

    name: str  # as the command line knows it: "sparse-denoising"
    title: str
    why: str  # two sentences on why its values work
    experiment: Experiment

    def applied_to(self, experiment: Experiment) -> Experiment:
        """The preset on the data and the seed of another experiment."""
        kept = {"data": experiment.data, "seed": experiment.seed}
        return self.experiment.model_copy(update=kept)

    def matches(self, experiment: Experiment) -> bool:
        """Whether an experiment has the parts that make this type."""
        return _parts(self.experiment) == _parts(experiment)


def _parts(experiment: Experiment) -> tuple[object, ...]:
    return (
        experiment.architecture,
        experiment.code,
        experiment.penalty,
        experiment.noise,
        experiment.training.loss,
    )


@cache
def presets() -> tuple[Preset, ...]:
    """Every preset, in the order in which they are taught."""
    found = []
    for path in resource("presets").glob("*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        experiment = validated(table["experiment"])
        found.append((table["order"], Preset(path.stem, experiment.title, table["why"], experiment)))
    return tuple(preset for _, preset in sorted(found, key=lambda pair: pair[0]))


def preset(name: str) -> Preset:
    """The preset of that name. Raises InvalidInput with the names that there are."""
    for candidate in presets():
        if candidate.name == name:
            return candidate
    names = [p.name for p in presets()]
    near = closest(name, names)
    hint = f"; did you mean {near}?" if near else ""
    raise InvalidInput(f"{name}: is neither a file nor a preset ({', '.join(names)}){hint}")


def demo_experiment(epochs: int | None) -> Experiment:
    """What ``aegui demo`` trains: the denoising autoencoder on handwritten digits."""
    return replace(preset("denoising").experiment, "training.epochs", epochs or _DEMO_EPOCHS)
