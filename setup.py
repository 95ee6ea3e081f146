"""Puts ``resources/`` into the wheel as ``aegui/_resources``; everything else stands in pyproject.toml.

An editable install uses the folder where it is; ``aegui.resources`` finds it in both.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
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


class SameForAll(bdist_wheel):
    """A wheel whose bytes do not depend on the modes of whoever builds it."""

    def write_wheelfile(self, wheelfile_base: str, *generator: str) -> None:
        super().write_wheelfile(wheelfile_base, *generator)  # the last file
        for path in Path(self.bdist_dir).rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)


os.umask(0o022)  # of the list that is written after that
setup(cmdclass={"build_py": BuildWithResources, "bdist_wheel": SameForAll})
