"""The table of named data sets: what can be said before anything is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aegui.data.catalog import catalog, entry
from aegui.data.entry import GARMENTS
from aegui.errors import InvalidExperiment
from aegui.plan import Facts, resolve
from aegui.spec import Data, Experiment, dumps, loads
from aegui.spec.presets import preset

BUILT_IN = tuple(e for e in catalog() if not e.files)
FETCHED = tuple(e for e in catalog() if e.files)
each = pytest.mark.parametrize("entry_", catalog(), ids=lambda e: e.name)


def test_that_what_is_built_in_comes_first() -> None:
    assert [e.name for e in BUILT_IN] == [
        "mnist",
        "digits",
        "fashion",
        "shapes",
        "signals",
        "breast-cancer",
        "wine",
        "swiss-roll",
        "s-curve",
    ]
    assert catalog() == BUILT_IN + FETCHED


def test_that_the_catalog_is_read_without_loading_anything_heavy() -> None:
    heavy = "{'torch', 'sklearn', 'scipy', 'requests', 'matplotlib'}"
    code = f"import sys, aegui.data.catalog as c; c.catalog(); print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@each
def test_that_an_entry_says_what_a_menu_shows(entry_) -> None:
    assert entry_.title and entry_.licence and entry_.source.endswith(".")
    assert entry_.about.endswith(".") and entry_.about.count(". ") == entry_.about.count("et al. ")
    assert min(entry_.train, entry_.test, *entry_.shape) > 0
    assert len(set(entry_.classes)) == len(entry_.classes)
    assert (entry_.low is None) == (entry_.high is None)


@each
def test_that_the_shape_fits_the_layout(entry_) -> None:
    axes = {"picture": 2, "signal": 1, "table": 1, "points": 1}
    assert len(entry_.shape) == axes[entry_.layout]
    if entry_.layout in ("table", "points"):
        assert len(set(entry_.features_named)) == entry_.shape[0]


@each
def test_that_a_set_without_official_test_part_gives_a_fifth_to_it(entry_) -> None:
    whole = entry_.train + entry_.test
    assert entry_.official_test or entry_.test == round(0.2 * whole)


@each
def test_that_a_name_can_stand_in_an_experiment_file_and_be_planned(entry_) -> None:
    experiment = Experiment(data=Data(source=entry_.name))
    assert loads(dumps(experiment)) == experiment
    layout = entry_.layout
    facts = Facts(entry_.shape, 0, 1, entry_.train, entry_.test, len(entry_.classes), layout=layout)
    assert not resolve(preset("undercomplete").experiment, facts).problems


def test_that_the_part_of_fashion_mnist_has_the_classes_of_the_whole() -> None:
    assert entry("fashion").classes == entry("fashion-mnist").classes == GARMENTS


def test_that_a_name_is_found_or_corrected() -> None:
    assert entry("swiss-roll").title == "Swiss roll"
    with pytest.raises(InvalidExperiment, match='got "Swiss_roll"; did you mean "swiss-roll"') as caught:
        entry("Swiss_roll")
    (problem,) = caught.value.problems
    assert problem.path == "data.source"
    assert all(e.name in problem.message for e in catalog())
    with pytest.raises(InvalidExperiment, match=r'got "zebra"$'):
        entry("zebra")
