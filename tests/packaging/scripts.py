"""What the tests of the installers share: where things are, and the files of ``packaging/`` as modules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent.parent
PACKAGING = ROOT / "packaging"
WORKFLOWS = ROOT / ".github" / "workflows"
SHELL_SCRIPTS = (
    ROOT / ".ci" / "run",
    PACKAGING / "linux" / "build",
    PACKAGING / "linux" / "bare_root_test",
    PACKAGING / "macos" / "build",
    PACKAGING / "windows" / "wine_test",
)


def module(name: str) -> ModuleType:
    """A file of packaging/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made  # dataclasses look there
    spec.loader.exec_module(made)
    return made
