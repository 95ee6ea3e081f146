"""pyqtgraph's mirrors of Qt's modules: the same classes, made when they are wanted."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pyqtgraph as pg
import pytest
from PySide6 import QtCore, QtGui, QtWidgets

import aegui.qt  # noqa: F401


@pytest.mark.parametrize("source", [QtCore, QtGui, QtWidgets], ids=lambda module: module.__name__)
def test_that_a_mirror_has_every_name_for_the_same_thing(source: ModuleType) -> None:
    mirror = getattr(pg.Qt, source.__name__.rpartition(".")[2])
    names = [name for name in dir(source) if not name.startswith("__")]
    assert len(names) > 100
    assert [name for name in names if getattr(mirror, name) is not getattr(source, name)] == []


def test_that_what_is_put_into_a_mirror_is_there_and_what_is_missing_is_told() -> None:
    assert pg.Qt.QtWidgets.QOpenGLWidget.__module__ == "PySide6.QtOpenGLWidgets"
    with pytest.raises(AttributeError, match="NoSuchThing"):
        _ = pg.Qt.QtGui.NoSuchThing


def test_that_the_import_makes_few_of_the_classes() -> None:
    code = (
        "import aegui.qt, sys; from PySide6 import QtWidgets;"
        "print(sum(isinstance(v, type) for v in vars(QtWidgets).values()), len(dir(QtWidgets)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    made, named = map(int, done.stdout.split())
    assert made < named / 2 and named > 150
