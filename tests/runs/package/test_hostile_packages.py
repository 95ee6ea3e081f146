"""Packages that are damaged, or made to do harm: a message of one line, no folder, and nothing outside it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from forgeries import FORGED, LARGE, TOUCHED, files_of, write
from fuzzing import MiB, cuts, damaged, flips, in_bounds, tried
from hypothesis import HealthCheck, given, settings
from senders import Make, begun_run

from aegui.errors import AeguiError, InvalidInput, OperationFailed
from aegui.runs.package.packing import pack_experiment, pack_run
from aegui.runs.package.unpacking import experiment_of, unpack


@pytest.fixture(scope="module")
def sent(tiny: Make, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Packages of two runs of different experiments."""
    folder = tmp_path_factory.mktemp("sent")
    for name, changes in (("a", {}), ("b", {"code.size": 4})):
        begun_run(tiny(changes), folder / name, steps=2)
        pack_run(folder / name, folder / f"{name}.aegui")
    return folder / "a.aegui", folder / "b.aegui"


@pytest.fixture(scope="module")
def small(tiny: Make, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The package of an experiment with a small table, byte by byte."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "x.csv").write_text("a,b\n" + "1,2\n" * 5)
    source = {"kind": "csv", "path": str(folder / "x.csv"), "label": ""}
    pack_experiment(tiny({"data.source": source}), folder / "small.aegui", data=True)
    return (folder / "small.aegui").read_bytes()


def everything(folder: Path) -> dict[Path, bytes]:
    """All files and folders, with their contents."""
    return {p: p.read_bytes() if p.is_file() else b"" for p in folder.rglob("*")}


def refused(package: Path, place: Path) -> str:
    """The message of a package that is not opened, and leaves everything as it was."""
    before = everything(place)
    with pytest.raises(AeguiError) as raised:
        unpack(package, place / "runs" / "new")
    after = everything(place)
    assert {*after} - {*before} <= {place / "runs"}
    assert all(after[path] == content for path, content in before.items())
    for message in raised.value.lines:
        assert str(package) in message or str(place) in message
        assert message.isprintable() and len(message) < 2000, message
    return raised.value.lines[0]


@pytest.mark.parametrize("way", FORGED)
def test_that_a_forged_package_is_refused_and_leaves_nothing(
    way: str, sent: tuple[Path, Path], tmp_path: Path
) -> None:
    package = tmp_path / "forged.aegui"
    FORGED[way](files_of(sent[0]), files_of(sent[1]), package)
    refused(package, tmp_path)
    assert not (tmp_path / TOUCHED).exists() and [*tmp_path.glob("*")] in (
        [package],
        [package, tmp_path / "runs"],
        [tmp_path / "runs", package],
    )


def test_that_the_forger_can_also_make_what_is_opened(sent: tuple[Path, Path], tmp_path: Path) -> None:
    write(tmp_path / "x.aegui", files_of(sent[0]) | {"data/more": b"data of nobody"})
    assert unpack(tmp_path / "x.aegui", tmp_path / "out").contents.has_data


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_that_only_plain_files_are_opened(sent: tuple[Path, Path], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.aegui")
    (tmp_path / "loop.aegui").symlink_to(tmp_path / "loop.aegui")
    (tmp_path / "folder.aegui").mkdir()
    for name in ("pipe", "loop", "folder", "absent"):
        refused(tmp_path / f"{name}.aegui", tmp_path / "place")
    with pytest.raises(InvalidInput, match="is not a file"):
        unpack(Path("/dev/zero"), tmp_path / "out")
    (tmp_path / "link.aegui").symlink_to(sent[0])
    assert unpack(tmp_path / "link.aegui", tmp_path / "out").contents.kind == "run"


class Opened:
    """Opens contents one after another; what is opened in spite of damage has to be what was sent."""

    def __init__(self, whole: bytes, tmp_path: Path) -> None:
        self._folder, self._number = tmp_path / "out", 0
        self.path = tmp_path / "damaged.aegui"
        self.path.write_bytes(whole)
        self._wanted = self._read(self.path)

    def _read(self, path: Path) -> dict[str, bytes]:
        self._number += 1
        folder = self._folder / str(self._number)
        try:
            unpack(path, folder)
        except AeguiError:
            assert not self._folder.exists() or not any(self._folder.iterdir())
            raise
        found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        found["experiment.toml"] = found["experiment.toml"].replace(str(folder).encode(), b"")
        for p in sorted(self._folder.rglob("*"), reverse=True):
            p.unlink() if p.is_file() else p.rmdir()
        return found

    def read(self, path: Path) -> None:
        assert self._read(path) == self._wanted


def test_that_no_cut_package_is_opened(small: bytes, tmp_path: Path) -> None:
    opened = Opened(small, tmp_path)
    outcomes = tried(opened.read, cuts(small, 300), opened.path)
    assert outcomes.tried >= 300 and outcomes.values == 0


def some_flips(content: bytes, every: int) -> Iterator[bytes]:
    return (flipped for number, flipped in enumerate(flips(content)) if number % every == 0)


def test_that_a_package_with_a_flipped_bit_is_refused_or_the_same(small: bytes, tmp_path: Path) -> None:
    opened = Opened(small, tmp_path)
    outcomes = tried(opened.read, some_flips(small, 37), opened.path)
    assert outcomes.tried == -(-len(small) * 8 // 37) and outcomes.refusals.total() > outcomes.values


@pytest.mark.long
def test_that_every_flipped_bit_and_every_cut_is_refused_or_the_same(small: bytes, tmp_path: Path) -> None:
    opened = Opened(small, tmp_path)
    flipped = tried(opened.read, flips(small), opened.path)
    shorter = tried(opened.read, cuts(small), opened.path)
    print(f"flips: {flipped}; cuts: {shorter}")
    assert shorter.values == 0 and flipped.tried == 8 * len(small)


def try_mixtures(small: bytes, tmp_path: Path, examples: int) -> Counter[bool]:
    opened, outcomes = Opened(small, tmp_path), Counter[bool]()

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        suppress_health_check=[*HealthCheck],
        database=None,
    )
    @given(content=damaged(small))
    def try_one(content: bytes) -> None:
        outcomes[bool(tried(opened.read, [content], opened.path).values)] += 1

    try_one()
    return outcomes


def test_that_mixtures_of_damage_are_refused_or_the_same(small: bytes, tmp_path: Path) -> None:
    assert try_mixtures(small, tmp_path, 150)[False] > 100


@pytest.mark.long
def test_that_many_mixtures_of_damage_are_refused_or_the_same(small: bytes, tmp_path: Path) -> None:
    outcomes = try_mixtures(small, tmp_path, 5000)
    print(f"mixtures: {outcomes[True]:,} read, {outcomes[False]:,} refused")
    assert outcomes[False] > 4000


def test_that_a_wrong_list_is_seen_without_unpacking(sent: tuple[Path, Path], tmp_path: Path) -> None:
    package = tmp_path / "x.aegui"
    for way in ("hash of nothing", "names: case", "link", "bomb that hides"):
        FORGED[way](files_of(sent[0]), files_of(sent[1]), package)
        if way in ("names: case", "link"):
            with pytest.raises(InvalidInput):
                experiment_of(package)
        else:
            assert experiment_of(package)[1].title == "Tiny digits"


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted by Linux")
def test_that_what_is_refused_takes_little_memory(sent: tuple[Path, Path], tmp_path: Path) -> None:
    for number, forge in enumerate(LARGE):
        forge(files_of(sent[0]), files_of(sent[1]), tmp_path / f"{number}.aegui")
    bounded = in_bounds("forgeries:refuse_all", tmp_path, memory=512 * MiB)
    assert bounded.value == str(len(LARGE))


_SHORT_OF_DISK = """
import resource, sys
from pathlib import Path
from aegui.errors import OperationFailed
from aegui.runs.package.unpacking import unpack
for room in map(int, sys.argv[3:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        unpack(Path(sys.argv[1]), Path(sys.argv[2]))
    except OperationFailed as error:
        message = str(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(message)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")
def test_that_a_full_disk_leaves_no_folder(sent: tuple[Path, Path], tmp_path: Path) -> None:
    rooms = ["0", "100", "1000", "4000"]  # bytes
    command = [sys.executable, "-c", _SHORT_OF_DISK, str(sent[0]), str(tmp_path / "out"), *rooms]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(rooms) and not any(tmp_path.iterdir())
    assert all(line.startswith(f"{tmp_path / 'out'}: cannot be written: ") for line in lines)


def test_that_a_place_that_cannot_be_written_is_told(sent: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    for folder in (tmp_path / "file" / "new", tmp_path / ("x" * 300)):
        with pytest.raises(OperationFailed, match="cannot be written"):
            unpack(sent[0], folder)
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for there in (tmp_path / "file", tmp_path / "link"):
        with pytest.raises(InvalidInput, match="is there already"):
            unpack(sent[0], there)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "link"]


def test_that_zip_and_package_agree_on_what_they_hold(sent: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(sent[0]) as archive:
        assert archive.testzip() is None and archive.namelist()[0] == "aegui.json"
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
