from __future__ import annotations

from typing import get_args

import pytest
from pytestqt.qtbot import QtBot

from aegui.errors import Problem
from aegui.qt.importing.options import KINDS, NameChoice, Options
from aegui.spec import Data, Experiment, Source, TableSource, plain, replace, replace_all, variants


def experiment_of(kind: str) -> Experiment:
    return replace(Experiment(), "data.source", {"kind": kind, "path": "somewhere"})


@pytest.fixture
def options(qtbot: QtBot) -> Options:
    options = Options()
    qtbot.addWidget(options)
    options.resize(360, 400)
    options.show()
    return options


def test_that_every_kind_of_source_is_offered() -> None:
    assert set(KINDS) == set(variants(get_args(Source)[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_that_every_option_of_a_kind_has_a_control_with_its_words(options: Options, kind: str) -> None:
    options.show_experiment(experiment_of(kind))
    cls, _ = KINDS[kind]
    for name in cls.model_fields:
        if name not in ("kind", "path"):
            row = options.row(f"data.source.{name}")
            assert row.control.accessibleName() and row.control.toolTip()
            assert row.control.value() == cls.model_fields[name].default
    assert options.kind.control.value() == kind


@pytest.mark.parametrize("kind", KINDS)
def test_that_options_of_other_kinds_are_not_on_screen(options: Options, kind: str) -> None:
    options.show_experiment(experiment_of(kind))
    own = {f"data.source.{name}" for name in KINDS[kind][0].model_fields}
    shown = {row.path for rows in options.rows.values() for row in rows if row.isVisibleTo(options)}
    assert shown - {"data.scaling"} <= own


def test_that_every_word_of_a_choice_has_its_own_title(options: Options) -> None:
    options.show_experiment(experiment_of("csv"))
    for name in ("missing", "text"):
        control = options.row(f"data.source.{name}").control
        words = get_args(TableSource.model_fields[name].annotation)
        assert [control.itemData(i) for i in range(control.count())] == list(words)


def test_that_a_choice_asks_for_another_value(qtbot: QtBot, options: Options) -> None:
    options.show_experiment(experiment_of("csv"))
    control = options.row("data.source.missing").control
    with qtbot.waitSignal(options.edited) as edited:
        control.activated.emit(control.findData("zero"))
    assert edited.args == ["data.source.missing", "zero"]
    changed = replace_all(experiment_of("csv"), {edited.args[0]: edited.args[1]})
    assert plain(changed.data.source)["missing"] == "zero"


def test_that_a_problem_stands_at_its_option(options: Options) -> None:
    options.show_experiment(experiment_of("csv"))
    assert options.mark([Problem("data.source.label", 'no column "x"')])
    assert options.row("data.source.label").problem("data.source.label") == 'No column "x".'
    assert not options.mark(())


def test_that_a_name_can_be_chosen_from_those_in_the_file(qtbot: QtBot) -> None:
    choice = NameChoice((("auto", "Auto"), ("", "None")))
    qtbot.addWidget(choice)
    choice.show_value("species")
    choice.offer_names(["height", "weight", "species"])
    assert choice.value() == "species"
    assert [choice.itemText(i) for i in range(choice.count())] == [
        "Auto",
        "None",
        "height",
        "weight",
        "species",
    ]


def test_that_a_file_of_an_unknown_kind_has_only_its_kind_to_choose(options: Options) -> None:
    options.show_experiment(Experiment(data=Data(source="digits")))
    assert not options.isEnabled()
    options.show_kind_alone()
    shown = [row.path for rows in options.rows.values() for row in rows if row.isVisibleTo(options)]
    assert options.isEnabled() and shown == ["data.source.kind"]
    assert options.kind.control.value() is None
