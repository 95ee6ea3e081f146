"""Fetched files that were cut, flipped, replaced or made unreadable: a message, and nothing else lost."""

from __future__ import annotations

import dataclasses
import functools
import gzip
import hashlib
import io
import itertools
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fetching_server import FileServer, serve
from fuzzing import cuts, flips, lies, replaced
from scipy.io import savemat

from aegui.data.downloads import DOWNLOADS, read_download
from aegui.data.entry import Entry, File
from aegui.data.fetching import fetch, is_fetched, kept_files
from aegui.errors import InvalidExperiment, OperationFailed

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")
BY_NAME = {entry.name: entry for entry in DOWNLOADS}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache in a folder of its own."""
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


def idx(array: np.ndarray, code: int = 8) -> bytes:
    head = bytes([0, 0, code, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return gzip.compress(head + array.tobytes(), mtime=0)


def letters() -> tuple[Entry, dict[str, bytes]]:
    """Six letters, whose files come from an archive and have no checksums."""
    entry = dataclasses.replace(BY_NAME["emnist-letters"], train=4, test=2)
    pictures, labels = np.arange(6 * 784).reshape(6, 28, 28).astype(np.uint8), np.arange(1, 7, dtype=np.uint8)
    bodies = [idx(pictures[:4]), idx(labels[:4]), idx(pictures[4:]), idx(labels[4:])]
    return entry, dict(zip(entry.files[0].members, bodies, strict=True))


@functools.cache
def beats() -> tuple[Entry, dict[str, bytes]]:
    """Heartbeats, which nobody publishes a checksum of."""
    random, counts = np.random.default_rng(0), ((292, 177, 10, 19, 2), (2627, 1590, 86, 175, 22))
    bodies = []
    for of_each in counts:
        values = random.normal(size=(sum(of_each), 140))
        values -= values.mean(axis=1, keepdims=True)
        classes = np.repeat(np.arange(1, 6), of_each)
        rows = [",".join(f"{v:.3f}" for v in row) + f":{c}" for row, c in zip(values, classes, strict=True)]
        bodies.append("\n".join(["@data", *rows]).encode())
    entry = BY_NAME["ecg5000"]
    return entry, dict(zip(entry.files[0].members, bodies, strict=True))


def faces() -> tuple[Entry, dict[str, bytes]]:
    """Portraits in a MATLAB file, whose checksum is known."""
    file = io.BytesIO()
    savemat(file, {"faces": np.arange(4096 * 80).reshape(4096, 80).astype(np.uint8)}, do_compression=True)
    known = dataclasses.replace(BY_NAME["olivetti"].files[0], checksum=sum_of(file.getvalue()))
    return dataclasses.replace(BY_NAME["olivetti"], train=64, test=16, files=(known,)), {
        known.name: file.getvalue()
    }


def sum_of(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def put(cache: Path, entry: Entry, bodies: dict[str, bytes]) -> None:
    for name, body in bodies.items():
        path = cache / entry.name / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)


def outcomes(
    cache: Path, entry: Entry, bodies: dict[str, bytes], damages: Iterator[tuple[str, bytes]]
) -> list[str]:
    """What is said of each damage, empty where the set could be read; what is damaged is deleted."""
    said = []
    for name, spoilt in damages:
        put(cache, entry, bodies | {name: spoilt})
        try:
            read_download(entry)
            said.append("")
        except InvalidExperiment as error:
            (problem,) = error.problems
            assert problem.path == "data.source" and entry.name in problem.message
            assert not spoilt or not any(path.exists() for path in kept_files(entry)), problem.message
            said.append(problem.message)
    return said


def damages(bodies: dict[str, bytes], every: int) -> Iterator[tuple[str, bytes]]:
    for name, body in bodies.items():
        head, rest = body[:4096], body[4096:]
        heads = itertools.chain(flips(head, 0, 400), lies(head, 0, 60))
        yield from ((name, content) for content in cuts(body, max(3, 200 // every)))
        yield from ((name, spoilt + rest) for spoilt in itertools.islice(heads, 0, None, every))


SETS = {"letters": (letters, 97, 1), "faces": (faces, 97, 1), "heartbeats": (beats, 9000, 100)}


@pytest.mark.parametrize("kind", SETS)
def test_that_damaged_files_of_the_cache_are_told_and_deleted(cache: Path, kind: str) -> None:
    make, every, _ = SETS[kind]
    entry, bodies = make()
    assert outcomes(cache, entry, bodies, iter(list(bodies.items())[:1])) == [""]
    said = outcomes(cache, entry, bodies, damages(bodies, every))
    assert len(said) > 3 and any("the fetched files were deleted" in message for message in said)


@pytest.mark.long
@pytest.mark.parametrize("kind", SETS)
def test_that_every_damage_of_the_cache_is_told(cache: Path, kind: str) -> None:
    make, _, every = SETS[kind]
    entry, bodies = make()
    said = outcomes(cache, entry, bodies, damages(bodies, every))
    print(f"\n{kind}: {len(said):,} tried: {said.count('')} read, {len(said) - said.count('')} refused")


@pytest.mark.parametrize(
    ("member", "body", "message"),
    [
        (0, idx(np.zeros((4, 28, 28), ">f4"), 13), "must hold bytes, holds float32"),
        (1, idx(np.full(4, np.nan, ">f4"), 13), "must hold bytes, holds float32"),
        (1, idx(np.array([1, 2, 3, 27], np.uint8)), "must have labels of 26 classes"),
        (0, idx(np.zeros((4, 28, 29), np.uint8)), "must have the shape (4, 28, 28), has (4, 28, 29)"),
        (2, b"\x80\x04\x95pickle", "is not an IDX file"),
    ],
)
def test_that_replaced_files_are_told(cache: Path, member: int, body: bytes, message: str) -> None:
    entry, bodies = letters()
    (said,) = outcomes(cache, entry, bodies, iter([(entry.files[0].members[member], body)]))
    assert message in said


@pytest.mark.parametrize("text", ["nan", "inf", "-1"])
def test_that_odd_numbers_among_heartbeats_are_told(cache: Path, text: str) -> None:
    entry, bodies = beats()
    name, body = next(iter(bodies.items()))
    odd = body.removesuffix(b"5") + text.encode(), replaced(body, 6, text.ljust(4).encode() + b",")
    for said in outcomes(cache, entry, bodies, ((name, content) for content in odd)):
        assert "ECG5000_TRAIN.ts: " in said


def test_that_heartbeats_without_end_are_not_read(cache: Path) -> None:
    entry, bodies = beats()
    put(cache, entry, bodies)
    with (cache / "ecg5000" / "ECG5000_TRAIN.ts").open("ab") as file:
        file.truncate(2**40)
    with pytest.raises(InvalidExperiment, match="must have at most 33,554,432 bytes"):
        read_download(entry)


@posix_only
@pytest.mark.parametrize("kind", ["folder", "pipe", "zero", "loop"])
def test_that_what_is_no_file_counts_as_not_fetched(cache: Path, kind: str) -> None:
    for entry, bodies in (letters(), faces(), beats()):
        put(cache, entry, bodies)
        path = kept_files(entry)[0]
        path.unlink()
        block(path, kind)
        assert not is_fetched(entry)
        with pytest.raises(InvalidExperiment, match="is not on this machine yet"):
            read_download(entry)
        assert os.path.lexists(path) and all(other.exists() for other in kept_files(entry)[1:])


def block(path: Path, kind: str) -> None:
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "zero":
            path.symlink_to("/dev/zero")
        case "loop":
            path.symlink_to(path)


@posix_only
@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_that_files_that_may_not_be_read_are_not_deleted(cache: Path) -> None:
    entry, bodies = letters()
    put(cache, entry, bodies)
    kept_files(entry)[1].chmod(0)
    with pytest.raises(InvalidExperiment, match="cannot be read: Permission denied"):
        read_download(entry)
    assert all(path.exists() for path in kept_files(entry))


def served(cache: Path, server: FileServer, members: tuple[str, ...] = ()) -> Entry:
    body = server.files["/one.bin"]
    file = File("one.bin", f"{server.base}/one.bin", "" if members else sum_of(body), None, members=members)
    return Entry("ones", "Ones", "Ones.", (4,), 0, 255, 10, 10, (), "CC0", True, files=(file,))


@pytest.fixture
def server() -> Iterator[FileServer]:
    """Has one file."""
    here = FileServer({"/one.bin": b"1" * 10_000})
    running = serve(here)
    yield here
    running.shutdown()
    running.server_close()


@posix_only
@pytest.mark.parametrize("name", ["one.bin", "one.bin.part", "one.bin.part.tag"])
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_that_nothing_is_fetched_into_what_is_no_file(
    cache: Path, server: FileServer, name: str, kind: str
) -> None:
    (cache / "ones").mkdir()
    block(cache / "ones" / name, kind)
    with pytest.raises(OperationFailed, match="is no file but a folder, a link or a device; take it away"):
        fetch(served(cache, server))


@posix_only
@pytest.mark.parametrize("name", ["one.bin.part", "one.bin.part.tag", "member.part"])
def test_that_nothing_is_written_through_a_link(cache: Path, server: FileServer, name: str) -> None:
    outside = cache.parent / "outside"
    outside.write_bytes(b"a thesis")
    (cache / "ones").mkdir()
    (cache / "ones" / name).symlink_to(outside)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("../member", b"1")
    server.files["/one.bin"] = archive.getvalue()
    with pytest.raises(OperationFailed, match="is no file but a folder, a link or a device"):
        fetch(served(cache, server, ("member",)))
    assert outside.read_bytes() == b"a thesis"


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2], ids=["lzma", "bzip2"])
def test_that_archives_in_unusual_packings_are_refused(cache: Path, server: FileServer, packing: int) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", packing) as opened:
        opened.writestr("member", b"1" * 1000)
    server.files["/one.bin"] = archive.getvalue()
    with pytest.raises(OperationFailed, match="is not an archive with member, and was deleted"):
        fetch(served(cache, server, ("member",)))


def test_that_members_lie_in_the_folder_wherever_an_archive_wants_them(
    cache: Path, server: FileServer
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("../../member", b"1" * 1000)
    server.files["/one.bin"] = archive.getvalue()
    fetch(served(cache, server, ("member",)))
    assert [p.name for p in cache.parent.rglob("*member*")] == ["member"]
    assert (cache / "ones" / "member").read_bytes() == b"1" * 1000


def test_that_damaged_archives_are_refused_and_deleted(cache: Path, server: FileServer) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(zipfile.ZipInfo("member"), bytes(range(200)), zipfile.ZIP_DEFLATED)  # of a fixed date
    whole, refused = archive.getvalue(), 0
    for spoilt in itertools.chain(cuts(whole, 10), itertools.islice(lies(whole, -120), 0, None, 211)):
        server.files["/one.bin"] = spoilt or b"x"
        try:
            fetch(served(cache, server, ("member",)))
        except OperationFailed:
            refused += 1
            assert not (cache / "ones" / "one.bin").exists()
        (cache / "ones" / "member").unlink(missing_ok=True)
    assert refused > 10
