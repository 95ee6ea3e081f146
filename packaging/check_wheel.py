"""Builds the wheel and the sdist of the last commit and proves them: ``python packaging/check_wheel.py OUT``.

The same commit gives the same bytes of both, in another folder, time zone and umask and with other times
of its files, and the same wheel from the sdist; the wheel holds ``resources/``, the sdist everything; and
the wheel, installed where the repository is not, trains the demonstration. With ``--offline`` what aegui
needs is lent from the environment that runs this, otherwise pip brings it, and where pipx is installed,
``pipx run`` has to work too. Needs git, and setuptools as pyproject.toml asks for it.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LEFTOVERS = ("build", "aegui.egg-info")  # of building, in the tree
_GIT = ("git", "-c", f"safe.directory={ROOT.as_posix()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for wheel and sdist")
    parser.add_argument("--offline", action="store_true", help="lend what is installed here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        wheel = check(arguments.out.resolve(), Path(name))
        demonstrate(wheel, Path(name), arguments.offline)
        if not arguments.offline:
            run_by_pipx(wheel, Path(name))


def check(out: Path, work: Path) -> Path:
    """The wheel, after comparing it and the sdist with others of the same commit."""
    out.mkdir(parents=True, exist_ok=True)
    tree = _commit(work / "tree")
    wheel, sdist = _build(tree, out, "wheel"), _build(tree, out, "sdist")
    other = _commit(work / "some" / "other folder", umask=0o077)
    for path in other.rglob("*"):
        os.utime(path, (1e9, 1e9))
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    again = _build(other, work / "again", "wheel", elsewhere, umask=0o077)
    sdist_again = _build(other, work / "again", "sdist", elsewhere, umask=0o077)
    with tarfile.open(sdist) as archive:
        archive.extractall(work / "sdist", filter="data")
    (unpacked,) = (work / "sdist").iterdir()
    from_sdist = _build(unpacked, work / "from-sdist", "wheel")
    _compare(wheel, again, from_sdist)
    _compare(sdist, sdist_again)
    _check_contents(tree, wheel, unpacked)
    return wheel


def demonstrate(wheel: Path, work: Path, offline: bool) -> None:
    """Installs the wheel into a clean environment and runs ``aegui demo`` there."""
    environment = work / "clean"
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    lent = ("--no-deps",) if offline else ("-c", str(ROOT / "packaging" / "constraints.txt"))
    subprocess.run([scripts / "python", "-m", "pip", "install", "-q", *lent, str(wheel)], check=True)
    if offline:
        libraries = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
        (libraries / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    run, elsewhere = work / "run", work / "elsewhere"
    elsewhere.mkdir()
    alone = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "DISPLAY", "WAYLAND_DISPLAY")}
    alone |= {"QT_QPA_PLATFORM": "offscreen", "AEGUI_LOG": str(work / "log")}
    for arguments in (("--version",), ("demo", "--epochs", "1", "--out", str(run))):
        subprocess.run([scripts / "aegui", *arguments], cwd=elsewhere, env=alone, check=True)
    if not (run / "metrics.json").is_file():
        sys.exit(f"aegui demo has written no run to {run}")
    print(f"{wheel.name} works where the repository is not")


def run_by_pipx(wheel: Path, work: Path) -> None:
    """``pipx run`` of the wheel, in folders of its own."""
    pipx = shutil.which("pipx")
    if pipx is None:
        print("pipx is not installed, and was not tried")
        return
    places = {f"PIPX_{name}": str(work / "pipx" / name.lower()) for name in ("HOME", "BIN_DIR", "MAN_DIR")}
    constraints = (ROOT / "packaging" / "constraints.txt").as_uri()
    subprocess.run(
        [pipx, "run", "--spec", str(wheel), "aegui", "--version"],
        cwd=work / "elsewhere",
        env=os.environ | places | {"PIP_CONSTRAINT": constraints},
        check=True,
    )
    print("pipx run works")


def _compare(*files: Path) -> None:
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    if len(set(hashes)) > 1:
        told = "\n".join(f"{sum_}  {path}" for sum_, path in zip(hashes, files, strict=True))
        sys.exit(f"the same commit gives other bytes:\n{told}")
    print(f"{hashes[0]}  {files[0].name}: the same {len(files)} times", flush=True)


def _commit(folder: Path, umask: int = 0o022) -> Path:
    """The files of the last commit, as somebody with that umask checks them out."""
    folder.mkdir(parents=True)
    call = (*_GIT, "-c", f"tar.umask={umask:04o}", "archive", _head()[0])
    archive = subprocess.run(call, cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "--extract", "--directory", folder], input=archive.stdout, check=True)
    return folder


@functools.cache
def _head() -> list[str]:
    """The last commit when it was first asked for, and its time in seconds since 1970."""
    call = [*_GIT, "log", "-1", "--format=%H %ct"]
    return subprocess.run(call, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


def _build(
    source: Path, out: Path, kind: str, settings: dict[str, str] | None = None, umask: int = 0o022
) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    call = f"from setuptools import build_meta; print(build_meta.build_{kind}({str(out)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", call],
        cwd=source,
        env=os.environ | {"SOURCE_DATE_EPOCH": _head()[1]} | (settings or {}),
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        umask=umask,
    )
    return out / done.stdout.splitlines()[-1]


def _check_contents(tree: Path, wheel: Path, unpacked: Path) -> None:
    """Every resource is in the wheel, every file in the sdist, and the version is that of pyproject.toml."""
    project = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert wheel.name.startswith(f"aegui-{project['version']}-"), wheel.name
    files = [p.relative_to(tree) for p in (tree / "resources").rglob("*") if p.is_file()]
    names = set(zipfile.ZipFile(wheel).namelist())
    shown = [p for p in files if p.parts[1] != "screenshots"]
    missing = [p for p in shown if f"aegui/_{p.as_posix()}" not in names]
    known = [p.relative_to(tree) for p in tree.rglob("*") if p.is_file() and not p.name.startswith(".git")]
    kept = [p for p in known if p.parts[0] not in _LEFTOVERS]
    missing += [p for p in kept if not (unpacked / p).is_file()]
    if missing or not files:
        sys.exit(f"not in wheel or sdist: {', '.join(map(str, missing))}")
    print(f"{len(shown)} resources in the wheel, {len(kept)} files in the sdist")


if __name__ == "__main__":
    main()
