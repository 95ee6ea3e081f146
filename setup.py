"""Puts ``resources/`` into the wheel as ``aegui/_resources``; everything else stands in pyproject.toml.

An editable install uses the folder where it is; ``aegui.resources`` finds it in both.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist


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


class SameSource(sdist):
    """A source archive whose bytes depend on the files alone, and on ``SOURCE_DATE_EPOCH`` if that is set."""

    def make_archive(
        self,
        base_name: str,
        format: str,
        root_dir: str | None = None,
        base_dir: str | None = None,
        owner: str | None = None,
        group: str | None = None,
    ) -> str:
        assert format == "gztar" and base_dir is not None, format
        target = f"{base_name}.tar.gz"
        with (
            open(target, "wb") as file,
            gzip.GzipFile("", "wb", mtime=0, fileobj=file) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for path in sorted(Path(base_dir).rglob("*"), key=Path.as_posix):
                archive.add(path, recursive=False, filter=_plain)
        return target


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    entry.mtime = int(os.environ.get("SOURCE_DATE_EPOCH", entry.mtime))
    return entry


os.umask(0o022)  # of the list that is written after that
setup(cmdclass={"build_py": BuildWithResources, "bdist_wheel": SameForAll, "sdist": SameSource})
