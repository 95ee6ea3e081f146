"""The presets that ship: an experiment each, with the reason for its values.

A type has a preset for every data set that it suits; the one for MNIST bears the type's own
name, and the others end in that of their data set. Some presets are mistakes, to learn from.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from aegui.errors import InvalidInput
from aegui.resources import resource
from aegui.spec.edits import replace, validated
from aegui.spec.experiment import Experiment
from aegui.spec.problems import closest
from aegui.spec.source import Source, TableSource

_DEMO_EPOCHS = 5
_USUAL = "mnist"  # the data set whose presets stand for the types


@dataclass(frozen=True)
class Preset:
    """An experiment to start from."""

    name: str  # as the command line knows it: "sparse-denoising"
    title: str
    why: str  # two sentences on why its values work, or of a mistake what goes wrong
    experiment: Experiment
    type: str  # name of the type's own preset
    mistake: bool = False

    @property
    def source(self) -> str:
        """The data set that it is made for."""
        source = self.experiment.data.source
        assert isinstance(source, str)  # files of one's own do not ship
        return source

    def suited(self, source: str | Source) -> Preset:
        """The preset of the same type for a data set, or for one that is like it; else this one."""
        wanted = source if isinstance(source, str) else _alike(source)
        return next((p for p in presets() if (p.type, p.source) == (self.type, wanted)), self)

    def applied_to(self, experiment: Experiment) -> Experiment:
        """The type on the data and with the seed of another experiment."""
        kept = {"data": experiment.data, "seed": experiment.seed}
        return self.suited(experiment.data.source).experiment.model_copy(update=kept)

    def matches(self, experiment: Experiment) -> bool:
        """Whether an experiment has the parts that make this type on its data."""
        return _parts(self.suited(experiment.data.source).experiment) == _parts(experiment)


def _alike(source: Source) -> str:
    """The built-in set whose presets do for a file of one's own."""
    if isinstance(source, TableSource):
        return "signals" if source.rows == "signal" else "breast-cancer"
    return _USUAL


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
    """Every preset: those of MNIST in the order in which they are taught, the other sets', the mistakes."""
    found = []
    for path in resource("presets").glob("*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        experiment = validated(table["experiment"])
        kind, mistake = table.get("type", path.stem), table.get("mistake", False)
        preset = Preset(path.stem, experiment.title, table["why"], experiment, kind, mistake)
        place = (mistake, preset.source != _USUAL, preset.source, table["order"], preset.name)
        found.append((place, preset))
    return tuple(preset for _, preset in sorted(found, key=lambda pair: pair[0]))


def types() -> tuple[Preset, ...]:
    """One preset for each type, in the order in which they are taught.

    Those that need labels of their data to be normal are none: they are no property of a network.
    """
    return tuple(p for p in presets() if p.name == p.type and not p.mistake and not p.experiment.data.normal)


def preset(name: str) -> Preset:
    """The preset of that name. Raises InvalidInput with the names that there are."""
    for candidate in presets():
        if candidate.name == name:
            return candidate
    near = closest(name, [p.name for p in presets()])
    hint = f"; did you mean {near}?" if near else ""
    usual = ", ".join(p.name for p in types())
    raise InvalidInput(f"{name}: is neither a file nor a preset ({usual}; all of them: aegui presets){hint}")


def demo_experiment(epochs: int | None) -> Experiment:
    """What ``aegui demo`` trains: the denoising autoencoder on handwritten digits."""
    return replace(preset("denoising").experiment, "training.epochs", epochs or _DEMO_EPOCHS)
