"""The named data sets as they are stored: bytes and labels, nothing scaled, nothing left out."""

from __future__ import annotations

from collections.abc import Callable

from aegui.data import bundled, drawn_shapes, manifolds, periodic_signals
from aegui.data.catalog import entry
from aegui.data.dataset import Split
from aegui.data.downloads import Parts, read_download
from aegui.data.entry import Entry
from aegui.data.stored import Stored

_WITH_TEST: dict[str, Callable[[Entry], Parts]] = {"mnist": bundled.idx_set, "fashion": bundled.idx_set}
_WHOLE: dict[str, Callable[[], Split]] = {
    "digits": bundled.digits,
    "shapes": drawn_shapes.drawn_shapes,
    "signals": periodic_signals.periodic_signals,
    "breast-cancer": bundled.breast_cancer,
    "wine": bundled.wine,
    "swiss-roll": manifolds.swiss_roll,
    "s-curve": manifolds.s_curve,
}


def read_builtin(name: str) -> Stored:
    """The data set ``name``.

    Raises InvalidExperiment for an unknown name or a set that was not fetched, OperationFailed if
    the bundled files are missing or damaged.
    """
    facts = entry(name)
    train, test = _parts(facts)
    return Stored(
        title=facts.title,
        shape=facts.shape,
        layout=facts.layout,
        train=train,
        test=test,
        low=facts.low,
        high=facts.high,
        classes=facts.classes,
        features_named=facts.features_named,
        source=facts.source,
    )


def _parts(facts: Entry) -> Parts:
    if facts.files:
        return read_download(facts)
    if facts.name in _WHOLE:
        return _WHOLE[facts.name](), None
    return _WITH_TEST[facts.name](facts)
