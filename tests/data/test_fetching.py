"""Fetching over connections that break, stall, lie and end, from a server on loopback."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import resource
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fetching_server import (
    Answer,
    FileServer,
    breaks_after,
    breaks_without_ranges,
    corrupted,
    says_length,
    says_no_length,
    serve,
    stalls_after,
    status,
    web_page,
    whole,
    without_ranges,
    wrong_part,
)

from aegui.data.entry import Entry, File
from aegui.data.fetching import cache_folder, fetch, is_fetched, kept_files
from aegui.data.fetching_patience import FetchStopped, Patience
from aegui.errors import OperationFailed

BODY = bytes(range(256)) * 40
NAME = "numbers.bin"
QUICK = Patience(connect=2, stall=0.2, attempts=3, pause=0.01)
FOREVER = Patience(connect=2, stall=60, attempts=3, pause=0.01)

Make = Callable[..., Entry]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where fetched files go: never the user's own cache."""
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache" / "numbers"


@pytest.fixture
def server(cache: Path) -> Iterator[FileServer]:
    """Has one file."""
    here = FileServer({f"/{NAME}": BODY})
    running = serve(here)
    yield here
    here.over.set()
    running.shutdown()
    running.server_close()


@pytest.fixture
def wanted(server: FileServer) -> Make:
    """A data set of that file, with its size and checksum or others."""

    def make(**parts: object) -> Entry:
        known = {"checksum": f"sha256:{hashlib.sha256(BODY).hexdigest()}", "size": len(BODY)}
        return entry_of(File(NAME, f"{server.base}/{NAME}", **(known | parts)))  # type: ignore[arg-type]

    return make


def entry_of(*files: File) -> Entry:
    return Entry("numbers", "Numbers", "Ten kilobytes.", (4,), 0, 255, 10, 10, (), "CC0", True, files=files)


def leftovers(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir() if not path.name.endswith(".lock")}


def test_that_a_file_is_fetched_checked_and_kept(server: FileServer, wanted: Make, cache: Path) -> None:
    entry, told = wanted(), []
    assert not is_fetched(entry)
    assert fetch(entry, lambda done, total: told.append((done, total))) == cache
    assert is_fetched(entry) and (cache / NAME).read_bytes() == BODY
    assert kept_files(entry) == (cache / NAME,) and leftovers(cache) == {NAME}
    assert told[-1] == (len(BODY), len(BODY)) and told == sorted(told)
    fetch(entry)
    assert len(server.ranges) == 1  # the second time nothing was asked for


def test_that_an_md5_is_a_checksum_too(wanted: Make, cache: Path) -> None:
    fetch(wanted(checksum=f"md5:{hashlib.md5(BODY, usedforsecurity=False).hexdigest()}"))
    assert (cache / NAME).read_bytes() == BODY


@pytest.mark.parametrize(
    ("answers", "ranges"),
    [
        ([breaks_after(3000)], [None, "bytes=3000-"]),
        (
            [breaks_after(3000), breaks_after(3000), breaks_after(3000)],
            [None, *(f"bytes={n}-" for n in (3000, 6000, 9000))],
        ),
        ([stalls_after(3000)], [None, "bytes=3000-"]),
        ([breaks_without_ranges(3000), without_ranges], [None, "bytes=3000-"]),
        ([breaks_after(3000), wrong_part], [None, "bytes=3000-", None]),
        ([breaks_after(3000), status(503)], [None, "bytes=3000-", "bytes=3000-"]),
        ([status(429, Retry_After="0")], [None, None]),
        ([status(500), status(502)], [None, None, None]),
        ([breaks_after(0)], [None, None]),
        ([status(302, Location=f"/{NAME}")], [None, None]),
    ],
    ids=[
        "breaks",
        "breaks again and again",
        "stalls",
        "breaks and cannot go on",
        "breaks and goes on elsewhere",
        "breaks and is busy",
        "asks to wait",
        "is busy",
        "hangs up at once",
        "has moved",
    ],
)
def test_that_a_bad_connection_is_got_over(
    server: FileServer, wanted: Make, cache: Path, answers: list[Answer], ranges: list[str | None]
) -> None:
    server.answers = answers.copy()
    fetch(wanted(), patience=QUICK)
    assert (cache / NAME).read_bytes() == BODY and leftovers(cache) == {NAME}
    assert server.ranges == ranges


def test_that_the_next_call_goes_on_where_the_last_one_gave_up(
    server: FileServer, wanted: Make, cache: Path
) -> None:
    server.answers = [breaks_after(3000), *[status(503)] * 3]
    with pytest.raises(
        OperationFailed, match=r"numbers\.bin: cannot be fetched from 127\.0\.0\.1: .*busy \(503"
    ):
        fetch(wanted(), patience=QUICK)
    assert not is_fetched(wanted()) and (cache / f"{NAME}.part").stat().st_size == 3000
    server.ranges.clear()
    fetch(wanted(), patience=QUICK)
    assert server.ranges == ["bytes=3000-"] and (cache / NAME).read_bytes() == BODY


def test_that_the_rest_of_another_version_is_not_put_behind_the_first_part(
    server: FileServer, wanted: Make, cache: Path
) -> None:
    server.answers = [breaks_after(3000), *[status(503)] * 3]
    with pytest.raises(OperationFailed):
        fetch(wanted(checksum="", size=None), patience=QUICK)
    server.files[f"/{NAME}"], server.etag = b"another" * 1000, '"two"'
    fetch(wanted(checksum="", size=None), patience=QUICK)
    assert (cache / NAME).read_bytes() == b"another" * 1000 and leftovers(cache) == {NAME}


def test_that_a_part_that_is_already_whole_needs_no_bytes(
    server: FileServer, wanted: Make, cache: Path
) -> None:
    cache.mkdir(parents=True)
    (cache / f"{NAME}.part").write_bytes(BODY)
    fetch(wanted(size=None), patience=QUICK)
    assert server.ranges == [f"bytes={len(BODY)}-"] and (cache / NAME).read_bytes() == BODY


def test_that_a_part_that_is_too_long_is_thrown_away(server: FileServer, wanted: Make, cache: Path) -> None:
    for size in (len(BODY), None):
        cache.mkdir(parents=True, exist_ok=True)
        (cache / NAME).unlink(missing_ok=True)
        (cache / f"{NAME}.part").write_bytes(BODY + b"!")
        fetch(wanted(size=size), patience=QUICK)
        assert (cache / NAME).read_bytes() == BODY


def test_that_a_server_that_names_no_length_is_enough(server: FileServer, wanted: Make, cache: Path) -> None:
    server.answers = [says_no_length]
    told: list[tuple[int, int]] = []
    fetch(wanted(size=None), lambda *now: told.append(now), patience=QUICK)
    assert (cache / NAME).read_bytes() == BODY and told[0] == (0, 0)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([corrupted], r"numbers\.bin: came damaged from 127\.0\.0\.1 and was deleted"),
        ([says_length(len(BODY) - 5)], r"must be 10,240 bytes, the server has 10,235; the file was changed"),
        ([says_length(len(BODY) + 5)], r"must be 10,240 bytes, the server has 10,245"),
        ([status(404)], r"numbers\.bin: the server answers 404 .*; the file may have moved"),
        ([status(403)], r"the server answers 403"),
        ([status(503)] * 3, r"the server is busy \(503 Service Unavailable\); try again later"),
        ([stalls_after(0)] * 3, r"no answer in time; try again later"),
        ([breaks_after(0)] * 3, r"the connection broke; try again later"),
        (
            [web_page],
            r"127\.0\.0\.1: sends a web page in place of numbers\.bin; does this network ask for a log-in",
        ),
        ([status(302, Location=f"/{NAME}")] * 40, r"cannot be fetched: Exceeded 30 redirects"),
    ],
    ids=[
        "corrupted",
        "shorter",
        "longer",
        "404",
        "403",
        "503",
        "stalls",
        "breaks",
        "web page",
        "redirects for ever",
    ],
)
def test_that_what_cannot_be_fetched_is_one_sentence_and_leaves_no_file(
    server: FileServer, wanted: Make, cache: Path, answers: list[Answer], message: str
) -> None:
    server.answers = answers.copy()
    with pytest.raises(OperationFailed, match=message) as caught:
        fetch(wanted(), patience=QUICK)
    assert len(caught.value.lines) == 1 and "\n" not in str(caught.value)
    assert not is_fetched(wanted()) and not (cache / NAME).exists()


def test_that_a_truncated_file_of_unknown_size_fails_its_checksum(
    server: FileServer, wanted: Make, cache: Path
) -> None:
    server.answers = [says_length(len(BODY) - 5)]
    with pytest.raises(OperationFailed, match="came damaged"):
        fetch(wanted(size=None), patience=QUICK)
    assert leftovers(cache) == set()
    fetch(wanted(size=None), patience=QUICK)
    assert (cache / NAME).read_bytes() == BODY


def test_that_more_bytes_than_promised_are_refused(server: FileServer, wanted: Make, cache: Path) -> None:
    server.files[f"/{NAME}"] = BODY * 2
    server.answers = [says_no_length]
    with pytest.raises(OperationFailed, match="must be 10,240 bytes, the server sends more"):
        fetch(wanted(), patience=QUICK)
    assert leftovers(cache) == set()


def test_that_a_server_that_always_breaks_at_one_place_is_given_up(server: FileServer, wanted: Make) -> None:
    server.answers = [breaks_without_ranges(3000)] * 20
    with pytest.raises(
        OperationFailed, match=r"connection broke; 3,000 bytes of 10,240 bytes are kept, try again"
    ):
        fetch(wanted(), patience=QUICK)
    assert len(server.ranges) == 1 + QUICK.attempts


def test_that_no_network_is_told_at_once_with_what_works_without_one(cache: Path) -> None:
    with contextlib.closing(socket.socket()) as taken:  # a port on which nobody listens
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/{NAME}"
        with pytest.raises(OperationFailed) as caught:
            fetch(entry_of(File(NAME, url, "", None)))
    assert str(caught.value) == (
        "cannot reach 127.0.0.1: Connection refused; is there a network?"
        " Everything that is built in works without one"
    )


@pytest.mark.parametrize("answer", [whole, stalls_after(3000)], ids=["flowing", "stalled"])
def test_that_a_download_can_be_stopped_in_mid_stream(
    server: FileServer, wanted: Make, cache: Path, answer: Answer
) -> None:
    """While nothing comes, too: long before the connection would be given up."""
    server.answers = [answer]
    stop = threading.Event()
    with pytest.raises(
        FetchStopped, match=r"numbers\.bin: stopped after [0-9,]+ bytes of 10,240 bytes; the next download"
    ):
        fetch(wanted(), lambda done, total: stop.set(), stop.is_set, patience=FOREVER)
    assert not is_fetched(wanted())
    fetch(wanted(), patience=QUICK)
    assert (cache / NAME).read_bytes() == BODY


def test_that_a_stopped_download_asks_for_nothing(server: FileServer, wanted: Make) -> None:
    with pytest.raises(FetchStopped):
        fetch(wanted(), cancelled=lambda: True)
    assert server.ranges == []


def test_that_two_downloads_at_once_fetch_one_file_once(
    server: FileServer, wanted: Make, cache: Path
) -> None:
    server.answers = [stalls_after(3000)]
    patient = threading.Thread(target=lambda: fetch(wanted(), patience=FOREVER))
    patient.start()
    assert server.sent.wait(10)
    with pytest.raises(FetchStopped, match="stopped while another aegui fetches it"):
        fetch(wanted(), cancelled=lambda: True)
    late = threading.Thread(target=lambda: fetch(wanted(), patience=FOREVER))
    late.start()
    server.over.set()
    for thread in (patient, late):
        thread.join(20)
    assert (cache / NAME).read_bytes() == BODY and leftovers(cache) == {NAME}
    assert server.ranges == [None, "bytes=3000-"]


def test_that_a_full_disk_is_told(server: FileServer, wanted: Make, cache: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OperationFailed, match=rf"{NAME}\.part: cannot be written: File too large$"):
            fetch(wanted(), patience=QUICK)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    fetch(wanted(), patience=QUICK)
    assert server.ranges == [None, "bytes=4096-"] and (cache / NAME).read_bytes() == BODY


def test_that_a_disk_without_room_is_told_before_anything_comes(wanted: Make, server: FileServer) -> None:
    huge = 10**18
    server.answers = [says_length(huge)]
    with pytest.raises(OperationFailed, match=r"needs 1,000,000,000,000 MB for numbers\.bin, .* MB are free"):
        fetch(wanted(size=huge), patience=QUICK)


def test_that_a_folder_that_cannot_be_made_is_told(
    wanted: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "file"))
    with pytest.raises(OperationFailed, match="file/numbers: cannot be written: Not a directory"):
        fetch(wanted())


def test_that_a_damaged_file_in_the_cache_is_fetched_again(wanted: Make, cache: Path) -> None:
    fetch(wanted())
    (cache / NAME).write_bytes(BODY[::-1])
    fetch(wanted())
    assert (cache / NAME).read_bytes() == BODY


def test_that_several_files_count_as_one_download(server: FileServer, cache: Path) -> None:
    server.files |= {"/a": b"a" * 10, "/b": b"b" * 30}
    told: list[tuple[int, int]] = []
    entry = entry_of(File("a", f"{server.base}/a", "", 10), File("b", f"{server.base}/b", "", 30))
    fetch(entry, lambda *now: told.append(now))
    assert told[-1] == (40, 40) and (10, 40) in told and leftovers(cache) == {"a", "b"}


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(f"folder/{name}", body)
    return buffer.getvalue()


def archive_of(server: FileServer, *members: str) -> Entry:
    return entry_of(File("all.zip", f"{server.base}/all.zip", "", None, members=members))


def test_that_only_what_is_wanted_is_kept_of_an_archive(server: FileServer, cache: Path) -> None:
    server.files["/all.zip"] = zipped(one=b"1" * 1000, two=b"2" * 2000, three=b"3")
    entry = archive_of(server, "one", "three")
    fetch(entry)
    assert is_fetched(entry) and leftovers(cache) == {"one", "three"}
    assert [path.read_bytes() for path in kept_files(entry)] == [b"1" * 1000, b"3"]
    fetch(entry)
    assert len(server.ranges) == 1
    (cache / "three").unlink()
    assert not is_fetched(entry)


def spoilt(body: bytes) -> bytes:
    place = body.index(b"one") + 10  # within the numbers of the first member
    return body[:place] + bytes([body[place] ^ 255]) + body[place + 1 :]


@pytest.mark.parametrize(
    "body",
    [
        b"no archive",
        zipped(two=b"2"),
        zipped(one=b"1")[:-30],
        spoilt(zipped(one=os.urandom(500), three=b"3")),
    ],
    ids=["no archive", "lacks a member", "cut short", "spoilt"],
)
def test_that_a_bad_archive_is_deleted_and_told(server: FileServer, cache: Path, body: bytes) -> None:
    server.files["/all.zip"] = body
    with pytest.raises(
        OperationFailed, match=r"all\.zip: is not an archive with one, three, and was deleted"
    ):
        fetch(archive_of(server, "one", "three"))
    assert not is_fetched(archive_of(server, "one", "three")) and "all.zip" not in leftovers(cache)


def test_that_the_cache_is_the_users_own_unless_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AEGUI_DATA", raising=False)
    assert "aegui" in cache_folder().parts and cache_folder().is_absolute()
