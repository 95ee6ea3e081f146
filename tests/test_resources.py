"""Where the bundled files are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import aegui
from aegui.errors import OperationFailed
from aegui.resources import resource


def test_that_a_repository_checkout_finds_its_resources() -> None:
    assert resource("data", "mnist").is_dir()
    assert resource("licences", "mnist.md").read_text(encoding="utf-8").startswith("# MNIST")


def test_that_the_frozen_app_looks_beside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources" / "data").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("data") == tmp_path / "resources" / "data"
    with pytest.raises(OperationFailed):
        resource("licences")


def test_that_a_wheel_finds_its_resources_within_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aegui" / "_resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(aegui, "__file__", str(tmp_path / "aegui" / "__init__.py"))
    assert resource("icons") == tmp_path / "aegui" / "_resources" / "icons"


def test_that_a_missing_resource_is_named() -> None:
    with pytest.raises(OperationFailed, match=r"resources/data/nothing\.bin: is missing"):
        resource("data", "nothing.bin")
