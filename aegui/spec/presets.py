"""The presets that ship: an experiment each, with the reason for its values.

A type has a preset for every data set that it suits; the one for MNIST bears the type's own
name, and the others add that of their data set. Some presets are mistakes, to learn from. All
but those begin with their type.
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
    order: int = 0  # of teaching

    @property
    def source(self) -> str:
        """The data set that it is made for."""
        source = self.experiment.data.source
        assert isinstance(source, str)  # files of one's own do not ship
        return source

    def suited(self, source: str | Source) -> Preset:
        """The preset of the same type for a data set, or for one that is like it; else this one."""
        wanted = source if isinstance(source, str) else _alike(source)
        name = self.type if wanted == _USUAL else f"{self.type}-{wanted}"
        return _read(name) if name in _texts() else self

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
def _texts() -> dict[str, str]:
    """The files by name. To read one takes a tenth of a millisecond, and a window needs a quarter of them."""
    return {path.stem: path.read_text(encoding="utf-8") for path in resource("presets").glob("*.toml")}


@cache
def _read(name: str) -> Preset:
    table = tomllib.loads(_texts()[name])
    experiment = validated(table["experiment"])
    kind, mistake = table.get("type", name), table.get("mistake", False)
    return Preset(name, experiment.title, table["why"], experiment, kind, mistake, table["order"])


def _place(preset: Preset) -> tuple[bool, bool, str, int, str]:
    source = preset.source
    return preset.mistake, source != _USUAL, source, preset.order, preset.name


@cache
def presets() -> tuple[Preset, ...]:
    """Every preset: those of MNIST in the order in which they are taught, the other sets', the mistakes."""
    return tuple(sorted(map(_read, _texts()), key=_place))


@cache
def types() -> tuple[Preset, ...]:
    """One preset for each type, in the order in which they are taught.

    Those that need labels of their data to be normal are none: they are no property of a network.
    """
    own = (name for name, text in _texts().items() if text.startswith(f'type = "{name}"\n'))
    return tuple(sorted((p for p in map(_read, own) if not p.experiment.data.normal), key=_place))


def preset(name: str) -> Preset:
    """The preset of that name. Raises InvalidInput with the names that there are."""
    if name in _texts():
        return _read(name)
    near = closest(name, [p.name for p in presets()])
    hint = f"; did you mean {near}?" if near else ""
    usual = ", ".join(p.name for p in types())
    raise InvalidInput(f"{name}: is neither a file nor a preset ({usual}; all of them: aegui presets){hint}")


def demo_experiment(epochs: int | None) -> Experiment:
    """What ``aegui demo`` trains: the denoising autoencoder on handwritten digits."""
    return replace(preset("denoising").experiment, "training.epochs", epochs or _DEMO_EPOCHS)
