"""Packages that nobody should open, one way each; ``FORGED`` has a function for every way.

It is given the files of a run, and of another one, and where to put what it makes of them.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from aegui.errors import AeguiError
from aegui.runs.package.unpacking import unpack

Files = Mapping[str, bytes]
Forge = Callable[[Files, Files, Path], object]

MANIFEST, EXPERIMENT, METRICS, HISTORY = "aegui.json", "experiment.toml", "metrics.json", "history.csv"
WEIGHTS, CHECKPOINT = "weights.safetensors", "checkpoint/state.safetensors"
FRAMES = "checkpoint/frames.safetensors"
TOUCHED = "unpickled"  # the file that a pickle makes if it is loaded


def files_of(package: Path) -> dict[str, bytes]:
    """The files of a package, without its list."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}


def listed(held: Files, /, **changes: Any) -> dict[str, Any]:
    """The list that fits some files, with parts of it changed."""
    entries = {name: {"size": len(d), "sha256": hashlib.sha256(d).hexdigest()} for name, d in held.items()}
    return {"format": 1, "kind": "run", "title": "x", "files": entries} | changes


def info_of(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def write(path: Path, files: Files, manifest: object = None, modes: Mapping[str, int] | None = None) -> None:
    """A package; ``manifest`` is a tree, or the bytes of one."""
    content = manifest if isinstance(manifest, bytes) else json.dumps(manifest or listed(files)).encode()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info_of(MANIFEST), content)
        for name, data in files.items():
            archive.writestr(info_of(name, (modes or {}).get(name, stat.S_IFREG | 0o644)), data)


def with_files(**more: bytes) -> Forge:
    """More files, listed as they are; ``__`` stands for a slash."""
    return lambda run, _other, path: write(
        path, {**run, **{k.replace("__", "/"): v for k, v in more.items()}}
    )


def named(name: str) -> Forge:
    """One more file of data with this name."""
    return lambda run, _other, path: write(path, {**run, name: b"x"})


def both(*names: str) -> Forge:
    return lambda run, _other, path: write(path, {**run, **dict.fromkeys(names, b"x")})


def of_kind(mode: int, name: str = "data/x") -> Forge:
    """A file that is none, by its entry in the zip."""
    return lambda run, _other, path: write(path, {**run, name: b"/etc/passwd"}, modes={name: mode | 0o777})


def with_list(**changes: Any) -> Forge:
    return lambda run, _other, path: write(path, run, listed(run, **changes))


def with_list_of(content: bytes) -> Forge:
    return lambda run, _other, path: write(path, run, content)


def entry(name: str, **changes: Any) -> Forge:
    """A list that lies about one file."""

    def forge(run: Files, _other: Files, path: Path) -> None:
        manifest = listed(run)
        manifest["files"][name] |= changes
        write(path, run, manifest)

    return forge


def put(name: str, data: bytes) -> Forge:
    """Other contents for one file, listed as they are."""
    return lambda run, _other, path: write(path, {**run, name: data})


def swapped(*names: str) -> Forge:
    """Files of another run, listed as they are."""
    return lambda run, other, path: write(path, {**run, **{name: other[name] for name in names}})


def without(name: str) -> Forge:
    return lambda run, _other, path: write(path, {k: v for k, v in run.items() if k != name})


def text(old: str, new: str, name: str = EXPERIMENT) -> Forge:
    """Other words in the experiment."""

    def forge(run: Files, _other: Files, path: Path) -> None:
        assert old.encode() in run[name]
        write(path, {**run, name: run[name].replace(old.encode(), new.encode())})

    return forge


def reading(path_of_data: str) -> Forge:
    """An experiment that reads something else than its package has."""

    def forge(run: Files, _other: Files, path: Path) -> None:
        head, _, rest = run[EXPERIMENT].decode().partition('source = "digits"')
        assert rest
        source = f"source = {{ kind = 'csv', path = {json.dumps(path_of_data)} }}"
        write(path, {**run, EXPERIMENT: (head + source + rest).encode()})

    return forge


def refuse_all(folder: str) -> int:
    """In a process of its own: how many packages in a folder were refused, which are all."""
    packages = [*Path(folder).glob("*.aegui")]
    for package in packages:
        try:
            unpack(package, Path(folder) / "out")
        except AeguiError as error:
            assert str(package) in str(error)
        else:
            raise AssertionError(package)
    return len(packages)


class Evil:
    """Whoever unpickles it makes a file."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def __reduce__(self) -> tuple[object, ...]:
        return open, (self._path, "w")


def pickled(name: str, *, by_torch: bool) -> Forge:
    def forge(run: Files, _other: Files, path: Path) -> None:
        evil, out = Evil(path.parent / TOUCHED), io.BytesIO()
        torch.save({"model.code.weight": evil}, out) if by_torch else pickle.dump(evil, out)
        write(path, {**run, name: out.getvalue()})

    return forge


def _twice(run: Files, _other: Files, path: Path) -> None:
    write(path, run)
    with zipfile.ZipFile(path, "a") as archive:
        archive.filelist.append(archive.filelist[1])
        archive.NameToInfo["x"] = archive.filelist[1]
        archive._didModify = True  # type: ignore[attr-defined]


def _two_lists(run: Files, _other: Files, path: Path) -> None:
    write(path, run)
    with zipfile.ZipFile(path, "a") as archive:
        archive.filelist.insert(0, archive.filelist[0])
        archive._didModify = True  # type: ignore[attr-defined]


def _unlisted(run: Files, _other: Files, path: Path) -> None:
    write(path, {**run, "data/x": b"x"}, listed(run))


def _deflated_weights(run: Files, _other: Files, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(listed(run)))
        for name, data in run.items():
            archive.writestr(name, data)


def packed_by(method: int) -> Forge:
    def forge(run: Files, _other: Files, path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(MANIFEST, json.dumps(listed(run)))
            for name, data in run.items():
                info = info_of(name)
                info.compress_type = method if name == HISTORY else zipfile.ZIP_STORED
                archive.writestr(info, data)

    return forge


def in_directory(offset: int, value: bytes, name: str = HISTORY) -> Forge:
    """Bytes written over the entry of a file in the zip's directory."""

    def forge(run: Files, _other: Files, path: Path) -> None:
        write(path, run)
        data = bytearray(path.read_bytes())
        place = data.rindex(name.encode()) - 46 + offset
        data[place : place + len(value)] = value
        path.write_bytes(data)

    return forge


def lying(size: int, listed_as: int) -> Forge:
    """A file of data that unfolds to ``size`` bytes, while list and directory agree on another number."""

    def forge(run: Files, _other: Files, path: Path) -> None:
        manifest = listed(run)
        manifest["files"]["data/x"] = {"size": listed_as, "sha256": "0" * 64}
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(info_of(MANIFEST), json.dumps(manifest))
            for name, data in run.items():
                archive.writestr(info_of(name), data)
            info = info_of("data/x")
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, bytes(size))
            info.file_size = listed_as

    return forge


def list_bomb(size: int) -> Forge:
    """A list of so many bytes, most of them blanks."""

    def forge(run: Files, _other: Files, path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            info = info_of(MANIFEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as out:
                for _ in range(0, size, 2**20):
                    out.write(b" " * 2**20)
            for name, data in run.items():
                archive.writestr(info_of(name), data)

    return forge


def _many(count: int) -> Forge:
    def forge(run: Files, _other: Files, path: Path) -> None:
        files = ",".join(f'"data/{i}":{{"size":0,"sha256":"{"0" * 64}"}}' for i in range(count))
        write(path, run, f'{{"format":1,"kind":"run","title":"","files":{{{files}}}}}'.encode())

    return forge


def _many_entries(_run: Files, _other: Files, path: Path) -> None:
    """A zip whose directory has more entries than there is room for."""
    entry = (
        struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        + b"x"
    )
    count = 300_000
    directory = entry * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(directory), 4, 0)
    path.write_bytes(b"PK\3\4" + directory + end)


def _nested(run: Files, _other: Files, path: Path) -> None:
    write(path.with_suffix(".inner"), run)
    write(path, {**run, "run.aegui": path.with_suffix(".inner").read_bytes()})
    path.with_suffix(".inner").unlink()


def _content(data: bytes) -> Forge:
    return lambda _run, _other, path: path.write_bytes(data)


def _prefixed(run: Files, _other: Files, path: Path) -> None:
    write(path, run)
    path.write_bytes(b"MZ" + path.read_bytes())


_NAMES = {
    "absolute": "/tmp/evil",
    "twice absolute": "//evil/share",
    "above": "data/../../evil",
    "above at once": "../evil",
    "here": "data/./x",
    "empty part": "data//x",
    "drive letter": "C:/evil",
    "drive letter in data": "data/C:x",
    "stream": "data/x:stream",
    "backslash": "data\\x",
    "backslash above": "data/..\\..\\evil",
    "line": "data/a\nb",
    "escape": "data/\x1b[2J",
    "delete": "data/\x7f",
    "reserved": "data/NUL",
    "reserved with a suffix": "data/con.csv",
    "reserved by number": "data/Lpt1.txt",
    "dot at the end": "data/x.",
    "space at the end": "data/x ",
    "star": "data/*",
    "long": "data/" + "x" * 256,
    "deep": "data/" + "x/" * 40 + "x",
    "pipe": "data/a|b",
    "beside": "evil.py",
    "beside the checkpoint": "checkpoint/evil",
    "journal": ".together.json",
    "figure": "figures/loss.png",
    "code": "sitecustomize.py",
    "folder": "data/x/",
    "data itself": "data",
}
_LISTS = {
    "empty": b"",
    "no JSON": b"{",
    "a number": b"1",
    "null": b"null",
    "NUL": b"\0" * 100,
    "UTF-16": json.dumps({"format": 1}).encode("utf-16"),
    "no UTF-8": b'{"format": 1, "kind": "\xff"}',
    "deep list": b"[" * 500_000,
    "deep table": b'{"files":' * 500_000,
    "deep title": b'{"format":1,"kind":"run","files":{},"title":' + b"[" * 900 + b"]" * 900 + b"}",
    "many digits": b'{"format": ' + b"9" * 100_000 + b"}",
    "files a list": b'{"format":1,"kind":"run","title":"","files":[]}',
    "an entry a number": b'{"format":1,"kind":"run","title":"","files":{"a":1}}',
    "NaN": b'{"format":1,"kind":"run","title":"","files":{"a":{"size":NaN,"sha256":""}}}',
    "lone surrogate": json.dumps(
        {"format": 1, "kind": "run", "title": "\ud800", "files": {"\ud800": {"size": 0, "sha256": "0" * 64}}}
    ).encode(),
}
LARGE = (
    lying(2**29, 10),
    list_bomb(2**29),
    _many(150_000),
    _many_entries,
    with_list_of(b"[" * 2**23),
    with_list_of(b"[" + b"[]," * 2**22 + b"1]"),
    with_list_of(b"[" + b'"aa",' * 3_000_000 + b"1]"),
)
FORGED: dict[str, Forge] = {
    **{f"name: {what}": named(name) for what, name in _NAMES.items()},
    **{f"list: {what}": with_list_of(content) for what, content in _LISTS.items()},
    "names: case": both("data/A", "data/a"),
    "names: case of folders": both("data/A/x", "data/a"),
    "names: accents": both("data/\u00e9", "data/e\u0301"),
    "names: sharp s": both("data/ß", "data/ss"),
    "names: file and folder": both("data/x", "data/x/y"),
    "names: twice": _twice,
    "names: two lists": _two_lists,
    "link": of_kind(stat.S_IFLNK),
    "link for a file": of_kind(stat.S_IFLNK, HISTORY),
    "pipe": of_kind(stat.S_IFIFO),
    "device": of_kind(stat.S_IFCHR),
    "block device": of_kind(stat.S_IFBLK),
    "socket": of_kind(stat.S_IFSOCK),
    "folder": of_kind(stat.S_IFDIR),
    "unknown kind": of_kind(0o130000),
    "encrypted": in_directory(8, b"\x01"),
    "encrypted weights": in_directory(8, b"\x41", WEIGHTS),
    "bzip2": packed_by(zipfile.ZIP_BZIP2),
    "LZMA": packed_by(zipfile.ZIP_LZMA),
    "method 99": in_directory(10, b"\x63"),
    "deflated weights": _deflated_weights,
    "offset beyond the end": in_directory(42, b"\xf0\xff\xff\x7f"),
    "offset of another file": in_directory(42, b"\0\0\0\0"),
    "size in the directory": in_directory(24, b"\xff\xff\xff\x7f"),
    "packed size in the directory": in_directory(20, b"\xff\xff\xff\x7f"),
    "CRC": in_directory(16, b"\1\2\3\4"),
    "name in the directory": in_directory(46, b"x"),
    "NUL in the directory": in_directory(50, b"\0"),
    "unlisted file": _unlisted,
    "missing file": with_list(files=listed({"x": b""})["files"]),
    "no list": lambda run, _other, path: _without_list(run, path),
    "size too small": entry(HISTORY, size=1),
    "size too large": entry(HISTORY, size=10**6),
    "size below 0": entry(HISTORY, size=-1),
    "size huge": entry(HISTORY, size=10**4000),
    "size a fraction": entry(HISTORY, size=1.5),
    "size true": entry(HISTORY, size=True),
    "size a text": entry(HISTORY, size="1"),
    "hash of nothing": entry(HISTORY, sha256=hashlib.sha256().hexdigest()),
    "hash short": entry(HISTORY, sha256="00"),
    "hash in capitals": entry(HISTORY, sha256="A" * 64),
    "hash a number": entry(HISTORY, sha256=1),
    "format 2": with_list(format=2),
    "format true": with_list(format=True),
    "format a list": with_list(format=[1]),
    "format huge": with_list(format=10**4000),
    "kind": with_list(kind="lesson"),
    "kind a table": with_list(kind={"a": 1}),
    "kind of experiment": with_list(kind="experiment"),
    "title a number": with_list(title=3),
    "title long": with_list(title="x" * 10**6),
    "bomb": lying(2**20, 2**31),
    "bomb beyond all": lying(2**20, 2**34),
    "bomb that hides": lying(2**25, 10),
    "bomb in the list": list_bomb(2**25),
    "many names": _many(150_000),
    "many entries": _many_entries,
    "nested": _nested,
    "no zip": _content(b"[data]\nsource = 'digits'"),
    "nothing": _content(b""),
    "an empty zip": _content(b"PK\5\6" + bytes(18)),
    "only a beginning": _content(b"PK\3\4"),
    "something before it": _prefixed,
    "reads the passwords": reading("/etc/passwd"),
    "reads above": reading("data/../../../etc/passwd"),
    "reads a user's folder": reading("~/x.csv"),
    "reads a folder of ~": reading("data/~root"),
    "reads a drive": reading("C:\\x.csv"),
    "reads a share": reading("\\\\server\\x.csv"),
    "reads a device": reading("/dev/zero"),
    "reads itself": reading("experiment.toml"),
    "reads nothing": reading("data"),
    "experiment: pickle": pickled(EXPERIMENT, by_torch=False),
    "experiment: no UTF-8": put(EXPERIMENT, b"title = '\xff'"),
    "experiment: wrong": put(EXPERIMENT, b"[code]\nsize = -1"),
    "experiment: large": put(EXPERIMENT, b"#" * 2_000_000),
    "experiment: deep": put(EXPERIMENT, b"a" + b".a" * 100_000 + b" = 1"),
    "experiment: other": text("units = 6", "units = 7"),
    "experiment of another run": swapped(EXPERIMENT),
    "checkpoint of another run": swapped(CHECKPOINT),
    "moments of another run": swapped(FRAMES),
    "weights of another run": swapped(WEIGHTS),
    "all of another run but the checkpoint": swapped(EXPERIMENT, WEIGHTS, FRAMES, METRICS, HISTORY),
    "checkpoint: pickle": pickled(CHECKPOINT, by_torch=False),
    "checkpoint: torch": pickled(CHECKPOINT, by_torch=True),
    "checkpoint: empty": put(CHECKPOINT, b""),
    "checkpoint: header": put(CHECKPOINT, (2**63).to_bytes(8, "little") + b"{}"),
    "weights: pickle": pickled(WEIGHTS, by_torch=False),
    "weights: torch": pickled(WEIGHTS, by_torch=True),
    "weights: noise": put(WEIGHTS, bytes(range(256)) * 8),
    "moments: torch": pickled(FRAMES, by_torch=True),
    "metrics: pickle": pickled(METRICS, by_torch=False),
    "metrics: deep": put(METRICS, b"[" * 100_000),
    "metrics: large": put(METRICS, b" " * 5_000_000),
    **{f"without {name}": without(name) for name in (EXPERIMENT, CHECKPOINT, HISTORY, WEIGHTS)},
}


def _without_list(run: Files, path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in run.items():
            archive.writestr(info_of(name), data)
