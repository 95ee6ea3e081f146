"""Where the bundled files are: pictures, data, presets. Known to every room, knows errors only."""

from __future__ import annotations

import sys
from pathlib import Path

import aegui
from aegui.errors import OperationFailed


def resource(*parts: str) -> Path:
    """The file or folder ``parts`` of ``resources/``, in the frozen app, a wheel or the repository.

    Raises OperationFailed, naming the resource, if this installation lacks it.
    """
    for root in _roots():
        path = root.joinpath(*parts)
        if path.exists():
            return path
    name = "/".join(("resources", *parts))
    raise OperationFailed(f"{name}: is missing from this installation of aegui; please install it again")


def _roots() -> tuple[Path, ...]:
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's start-up code
    if frozen is not None:
        return (Path(frozen) / "resources",)
    package = Path(aegui.__file__).parent
    return (package / "_resources", package.parent / "resources")
