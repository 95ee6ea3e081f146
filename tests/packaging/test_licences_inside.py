"""What the build puts beside a frozen program is what the program reads there."""

from __future__ import annotations

import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path, PurePosixPath

import numpy
import PySide6
import pytest

from aegui.parts import parts

LICENSING = Path(__file__).parents[2] / "packaging" / "licensing.py"


def test_that_a_frozen_program_knows_its_parts_as_the_build_has_found_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_from_file_location("licensing_of_the_build", LICENSING)
    assert spec is not None and spec.loader is not None
    licensing = module_from_spec(spec)
    spec.loader.exec_module(licensing)
    built = licensing.parts_of([numpy.__file__, PySide6.__file__], ())
    names = [sorted({name for _, name in part.texts}) for part in built]
    frozen = tmp_path / "frozen"
    for path, folder in licensing.licence_files(built, tmp_path / "build"):
        (frozen / PurePosixPath(folder)).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, frozen / PurePosixPath(folder))
    monkeypatch.setattr(sys, "_MEIPASS", str(frozen), raising=False)
    own, *inside = parts()
    assert own.name == "aegui" and inside == built
    assert [[name for _, name in part.texts] for part in inside] == names
    assert all(path.is_relative_to(frozen) for part in inside for path, _ in part.texts)
