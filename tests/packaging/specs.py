"""Runs ``packaging/aegui.spec`` as PyInstaller does, with parts that only note what they are given.

PyInstaller itself makes a folder for the system it runs on, in minutes; this tells in a moment what the spec
asks for on each.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import aegui
from tests.packaging.scripts import PACKAGING, module

module("make_icons")  # brings Qt and Pillow, which the spec does not find where it is run here


@dataclass
class Frozen:
    """What the spec asks for."""

    programs: dict[str, bool] = field(default_factory=dict)  # each with whether it has a console
    icons: set[str | None] = field(default_factory=set)
    versions: list[str | None] = field(default_factory=list)
    datas: set[str] = field(default_factory=set)
    signing: set[tuple[str | None, str]] = field(default_factory=set)
    bundle: dict[str, Any] = field(default_factory=dict)


class _Analysis:
    def __init__(self, scripts: list[str], datas: list[tuple[str, str]], **_: object) -> None:
        self.scripts = scripts
        self.pure: list[tuple[str, str, str]] = []
        self.binaries: list[tuple[str, str, str]] = []
        self.datas = [(f"{place}/{Path(path).name}", path, "DATA") for path, place in datas]


def frozen_on(system: str, monkeypatch: pytest.MonkeyPatch, work: Path) -> Frozen:
    """What is frozen on that system, a value of ``sys.platform``."""
    made = Frozen()
    for name, parts in {
        "PyInstaller": {},
        "PyInstaller.utils": {},
        "PyInstaller.utils.hooks": {"collect_submodules": lambda _: [], "copy_metadata": lambda _: []},
        "PyInstaller.depend": {},
        "PyInstaller.depend.bindepend": {"get_imports": lambda _: []},
    }.items():
        module = ModuleType(name)
        vars(module).update(parts)
        monkeypatch.setitem(sys.modules, name, module)
    pythons = [
        path for path in sys.path if "site-packages" not in path
    ]  # the others take long to look through
    monkeypatch.setattr(sys, "path", [str(_site(work / "site")), *pythons])
    monkeypatch.setattr("sys.platform", system)

    def exe(*_: object, name: str, console: bool, icon: str | None, **more: Any) -> str:
        made.programs[name] = console
        made.icons.add(icon)
        made.versions.append(more["version"])
        made.signing.add((more["codesign_identity"], more["entitlements_file"]))
        return name

    def collect(*parts: Any, name: str) -> str:
        made.datas |= {place for place, _, _ in parts[-1]}
        return name

    def bundle(*_: object, **told: Any) -> None:
        made.bundle = told

    names = {"SPECPATH": str(PACKAGING), "workpath": str(work), "Analysis": _Analysis, "PYZ": lambda _: None}
    names |= {"EXE": exe, "COLLECT": collect, "BUNDLE": bundle}
    exec(compile((PACKAGING / "aegui.spec").read_text(encoding="utf-8"), "aegui.spec", "exec"), names)
    return made


def _site(folder: Path) -> Path:
    """A folder in which aegui and PyInstaller are installed, as far as the spec looks them up."""
    for name, version in (("aegui", aegui.__version__), ("pyinstaller", "6.0")):
        told = folder / f"{name}-{version}.dist-info"
        told.mkdir(parents=True)
        metadata = f"Name: {name}\nVersion: {version}\nLicense: GPL-2.0-or-later\n"
        (told / "METADATA").write_text(metadata, encoding="utf-8")
        (told / "COPYING.txt").write_text("its text", encoding="utf-8")
        (told / "RECORD").write_text(f"{told.name}/COPYING.txt,,\n", encoding="utf-8")
    return folder
