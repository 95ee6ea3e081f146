"""Puts ``resources/`` into the wheel as ``aegui/_resources``; everything else stands in pyproject.toml.

An editable install uses the folder where it is; ``aegui.resources`` finds it in both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithResources(build_py):
    """Copies the package, and the resources into it. The README's screenshots stay behind."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "aegui" / "_resources"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree("resources", target, ignore=shutil.ignore_patterns("screenshots", ".*"))


setup(cmdclass={"build_py": BuildWithResources})
