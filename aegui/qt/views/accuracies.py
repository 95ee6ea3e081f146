"""Accuracies as bars and as words."""

from __future__ import annotations

from aegui.analysis.features import Accuracy, FeatureSet
from aegui.data.dataset import Dataset
from aegui.qt.theme import Colours, category
from aegui.qt.views.judging import Judging
from aegui.qt.views.text import count
from aegui.qt.widgets.accuracy import Bar, Group
from aegui.training.snapshot import Snapshot

_SETS: tuple[FeatureSet, ...] = ("codes", "pca", "raw")
_PROBE = (
    "Multinomial logistic regression, the straightest classifier there is, on features standardised by\n"
    "the training samples. High: the classes lie apart by planes. Chance: always the largest class."
)
_NEIGHBOUR = (
    "Each test sample gets the label of the training sample nearest to it, by Euclidean distance of the\n"
    "features as they are. High: what is alike lies close together."
)
_UNKNOWN = Accuracy(None, None)


def groups_of(snapshot: Snapshot, judging: Judging, colours: Colours) -> tuple[Group, ...]:
    """Both classifiers on the code, on PCA and on the raw input."""
    return (
        Group("Linear probe", _bars(snapshot, judging, colours, probe=True), _PROBE),
        Group("Nearest neighbour (1-NN)", _bars(snapshot, judging, colours, probe=False), _NEIGHBOUR),
    )


def _bars(snapshot: Snapshot, judging: Judging, colours: Colours, probe: bool) -> tuple[Bar, ...]:
    tones = {"codes": colours.accent, "pca": category(1), "raw": colours.muted}
    names, tips = _names(snapshot, judging), _tips(judging)
    bars = []
    for kind in _SETS:
        known = judging.found.get(kind, _UNKNOWN)
        value = known.probe if probe else known.neighbour
        old = kind == "codes" and not judging.current
        bars.append(Bar(names[kind], value, tones[kind], tips[kind], faint=old))
    return tuple(bars)


def _names(snapshot: Snapshot, judging: Judging) -> dict[FeatureSet, str]:
    size, features = snapshot.experiment.code.size, judging.features
    return {
        "codes": f"code, d = {size:,}",
        "pca": f"PCA, d = {min(size, features):,}",
        "raw": f"raw, k = {features:,}",
    }


def _tips(judging: Judging) -> dict[FeatureSet, str]:
    step = "not measured yet" if judging.step is None else f"measured at step {judging.step:,}"
    return {
        "codes": f"The codes of the clean samples, {step}",
        "pca": "The first principal components of the same samples, as many as the code has units",
        "raw": "The features of the samples themselves, in their scaled units",
    }


def stated(snapshot: Snapshot, judging: Judging) -> list[str]:
    """What was measured, on how many samples, and when."""
    chosen = judging.chosen
    assert chosen is not None
    if judging.step is None:
        when = "code not measured yet"
    elif judging.current:
        when = f"code of step {judging.step:,}"
    else:
        when = f"code of step {judging.step:,}, not of step {snapshot.step:,}"
    train, test = count(len(chosen.train), "training sample"), count(len(chosen.test), "test sample")
    return [when, train, test, "without noise"]


def no_accuracy(dataset: Dataset | None, snapshot: Snapshot | None, judging: Judging) -> str:
    """Why no accuracy can be measured; empty where it can."""
    if dataset is None or snapshot is None or judging.possible:
        return ""
    if dataset.train.labels is None or dataset.test.labels is None:
        return "These data have no labels, so there is no accuracy to measure. The units below need none."
    return "The training samples are all of one class: a classifier has nothing to tell apart."
