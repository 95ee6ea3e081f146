from __future__ import annotations

from pathlib import PurePath

from aegui.qt.importing.opening import moved
from aegui.spec import IdxSource, TableSource


def test_that_a_source_keeps_its_options_at_its_new_place() -> None:
    source = TableSource(path="old/a.csv", missing="zero", label="species")
    assert moved(source, "new/b.csv") == TableSource(path="new/b.csv", missing="zero", label="species")


def test_that_files_that_stood_beside_it_move_with_it_and_others_stay() -> None:
    old = PurePath("old")
    source = IdxSource(path=str(old / "x"), labels=str(old / "y"), test=str(PurePath("far") / "t"))
    new = PurePath("new")
    assert moved(source, str(new / "x")) == IdxSource(
        path=str(new / "x"), labels=str(new / "y"), test=str(PurePath("far") / "t")
    )
