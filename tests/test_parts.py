"""Whose work the program holds, in an installation and in a frozen program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest

import aegui
from aegui.parts import FOLDER, LISTING, key_of, parts

HEAVY = ("torch", "numpy", "PySide6", "sklearn", "matplotlib")


def test_that_every_library_that_aegui_asks_for_is_a_part_with_version_licence_and_text() -> None:
    known = {key_of(part.name): part for part in parts()}
    asked = {key_of(re.match(r"[\w.-]+", line)[0]) for line in requires("aegui") or () if "extra" not in line}
    assert asked <= set(known) and len(asked) > 10
    for part in known.values():
        assert part.version and part.licence, part.name
        assert all(path.stat().st_size > 0 for path, _ in part.texts), part.name
    assert [part.name for part in parts()][:2] == ["aegui", "Python"]
    assert known["aegui"].version == aegui.__version__
    assert {name for _, name in known["pyside6-essentials"].texts} >= {"LGPL-3.0.txt", "GPL-3.0.txt"}
    assert len(known["torch"].texts) > 1


def test_that_finding_them_imports_none_of_them() -> None:
    call = (
        f"import sys; from aegui.parts import parts; parts(); print([n for n in {HEAVY} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_that_a_frozen_program_tells_what_was_put_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / FOLDER
    entry = {"name": "somelib", "version": "1.2", "licence": "MIT", "homepage": "https://example.org"}
    (folder / "somelib" / "inner").mkdir(parents=True)
    (folder / "aegui").mkdir()
    (folder / "aegui" / "LICENSE").write_text("of aegui", encoding="utf-8")
    (folder / "somelib" / "LICENSE").write_text("of somelib", encoding="utf-8")
    (folder / "somelib" / "inner" / "NOTICE").write_text("of its part", encoding="utf-8")
    (folder / LISTING).write_text(json.dumps([entry]), encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    own, other = parts()
    assert (own.name, [name for _, name in own.texts]) == ("aegui", ["LICENSE"])
    assert (other.name, other.version, other.licence) == ("somelib", "1.2", "MIT")
    assert [name for _, name in other.texts] == ["LICENSE", "inner/NOTICE"]


@pytest.mark.parametrize("text", [None, "", "[", "{}", '[{"name": 3}]', '[{"name": "a", "version": "1"}]'])
def test_that_a_frozen_program_without_a_list_tells_of_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    (tmp_path / FOLDER).mkdir()
    if text is not None:
        (tmp_path / FOLDER / LISTING).write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert [part.name for part in parts()] == ["aegui"]


def test_that_an_installation_without_metadata_tells_of_aegui_and_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(aegui.__file__).parent.parent / "resources")])
    assert [part.name for part in parts()] == ["aegui", "Python"]
