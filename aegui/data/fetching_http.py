"""One file over HTTP, in as many connections as it takes, each going on where the last one broke."""

from __future__ import annotations

import contextlib
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import requests
import urllib3

import aegui
from aegui.data.entry import File
from aegui.data.fetching_patience import FetchStopped, Patience
from aegui.errors import OperationFailed

Cancelled = Callable[[], bool]

_CHUNK = 2**16
_LARGEST = 2**31  # bytes of a file whose size is not known
_LOOKS = 0.05  # seconds between two looks whether to stop
_LONGEST_PAUSE = 30.0  # seconds between two connections, whatever the server asks for
_BUSY = (429, 500, 502, 503, 504)
# One official server refuses Python's own name.
_NAME = f"Mozilla/5.0 (compatible; aegui/{aegui.__version__})"


class _Broken(Exception):
    """A connection that may work better the next time."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        self.pause = pause  # seconds that the server asks for
        super().__init__(reason)


class Transfer:
    """Brings one file into ``part``, which may hold its beginning from an earlier call.

    ``progress`` is told the bytes that are there and those of the whole file, None if not known.
    ``cancelled`` is asked from another thread, too.
    """

    def __init__(
        self,
        file: File,
        part: Path,
        patience: Patience,
        progress: Callable[[int, int | None], None],
        cancelled: Cancelled,
    ) -> None:
        self._file, self._part, self._patience = file, part, patience
        self._progress, self._cancelled = progress, cancelled
        self._tag = part.with_name(f"{part.name}.tag")  # which version of the file the part is of
        self._host = urlsplit(file.url).hostname or file.url
        self._answered = False  # whether the server has answered anything in this call
        self._done = self._furthest = self._size()
        self._total = file.size

    def run(self) -> None:
        """Returns when the file is whole. Raises OperationFailed, FetchStopped if it was cancelled."""
        failures = 0
        while not self._whole():
            self._stop_if_asked()
            before = self._furthest
            try:
                self._connect()
            except _Broken as broken:
                failures = 0 if self._furthest > before else failures + 1
                if failures >= self._patience.attempts or not self._answered:
                    raise OperationFailed(self._failure(str(broken))) from None
                wait = (
                    self._patience.pause * 2 ** max(failures - 1, 0) if broken.pause is None else broken.pause
                )
                self._wait(min(wait, _LONGEST_PAUSE))
        self.forget_version()

    def forget_version(self) -> None:
        """Removes the note beside the part."""
        self._tag.unlink(missing_ok=True)

    def _whole(self) -> bool:
        """Whether nothing is left to be done; a part that is too long is thrown away."""
        self._done = self._size()
        if self._file.size is not None and self._done > self._file.size:
            self._drop()
        return self._done > 0 and self._done == self._total

    def _connect(self) -> None:
        try:
            response = requests.get(
                self._file.url,
                headers=self._headers(),
                stream=True,
                timeout=(self._patience.connect, self._patience.stall),
            )
        except requests.exceptions.SSLError:
            raise OperationFailed(
                f"{self._host}: no safe connection: its certificate is not accepted here;"
                " are the clock and the network of this machine right?"
            ) from None
        except (requests.ConnectionError, requests.Timeout) as error:
            raise _Broken(_reason(error)) from None
        except requests.RequestException as error:
            raise OperationFailed(f"{self._file.url}: cannot be fetched: {error}") from None
        self._answered = True
        with response:
            if self._check(response):
                self._receive(response.raw)

    def _headers(self) -> dict[str, str]:
        headers = {"User-Agent": _NAME, "Accept-Encoding": "identity"}
        if self._done:
            headers["Range"] = f"bytes={self._done}-"
            if version := self._version():
                headers["If-Range"] = version
        return headers

    def _check(self, response: requests.Response) -> bool:
        """Prepares for the body; False where there is none to receive."""
        match response.status_code:
            case 200 | 206 if "text/html" in response.headers.get("Content-Type", ""):
                raise OperationFailed(
                    f"{self._host}: sends a web page in place of {self._file.name};"
                    " does this network ask for a log-in in the browser first?"
                )
            case 200:
                self._begin_again(response)
            case 206:
                self._go_on(response)
            case 416:
                self._after_the_end(response)
                return False
            case code if code in _BUSY:
                raise _Broken(f"the server is busy ({code} {response.reason})", _asked_pause(response))
            case code:
                raise OperationFailed(
                    f"{self._file.url}: the server answers {code} {response.reason};"
                    " the file may have moved: try again later, or look for a newer aegui"
                )
        self._check_room()
        return True

    def _begin_again(self, response: requests.Response) -> None:
        """The whole file comes: this is the first connection, or the server cannot go on."""
        self._drop()
        self._set_total(response.headers.get("Content-Length"))
        self._note_version(response)

    def _go_on(self, response: requests.Response) -> None:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        other = self._version() not in ("", _version(response))
        if found is None or int(found[1]) != self._done or other:
            self._drop()
            raise _Broken("the server sends another part of the file than the one asked for", 0)
        self._set_total(found[2])

    def _after_the_end(self, response: requests.Response) -> None:
        """The server has nothing behind the part: it is whole, or of another file."""
        if response.headers.get("Content-Range") == f"bytes */{self._done}" and self._done:
            self._set_total(str(self._done))
            return
        self._drop()
        raise _Broken("the server has another file than before", 0)

    def _set_total(self, text: str | None) -> None:
        total = int(text) if text is not None and text.isdigit() else None
        if total is not None and self._file.size not in (None, total):
            self._drop()
            raise OperationFailed(
                f"{self._file.url}: must be {self._file.size:,} bytes, the server has {total:,};"
                " the file was changed: look for a newer aegui"
            )
        self._total = self._file.size if total is None else total

    def _check_room(self) -> None:
        needed = (self._total or 0) - self._done
        free = shutil.disk_usage(self._part.parent).free
        if needed > free:
            raise OperationFailed(
                f"{self._part.parent}: needs {needed / 1e6:,.0f} MB for {self._file.name},"
                f" {free / 1e6:,.0f} MB are free; make room, or name another folder in AEGUI_DATA"
            )

    def _receive(self, raw: urllib3.HTTPResponse) -> None:
        with self._open() as part, _Watch(raw, self._cancelled):
            self._progress(self._done, self._total)
            while chunk := self._next(raw):
                self._write(part, chunk)
                self._progress(self._done, self._total)
                if self._done > (self._total or _LARGEST):
                    break
        self._check_end()

    def _check_end(self) -> None:
        if self._total is None:  # the server names no length: the end of the connection is the file's
            self._total = self._done
        if self._done < self._total:
            raise _Broken("the connection broke")
        if self._done > self._total:
            self._drop()
            raise OperationFailed(
                f"{self._file.url}: must be {self._total:,} bytes, the server sends more;"
                " the file was changed: look for a newer aegui"
            )

    def _next(self, raw: urllib3.HTTPResponse) -> bytes:
        self._stop_if_asked()
        try:
            return raw.read1(_CHUNK, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            self._stop_if_asked()
            raise _Broken(_reason(error)) from None

    def _open(self) -> BinaryIO:
        try:
            return self._part.open("ab", buffering=0)
        except OSError as error:
            raise self._unwritable(error) from None

    def _write(self, part: BinaryIO, chunk: bytes) -> None:
        left = memoryview(chunk)
        while left:
            try:
                written = part.write(left)
            except OSError as error:
                raise self._unwritable(error) from None
            left = left[written:]
            self._done += written
        self._furthest = max(self._furthest, self._done)

    def _unwritable(self, error: OSError) -> OperationFailed:
        return OperationFailed(f"{self._part}: cannot be written: {error.strerror or error}")

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _drop(self) -> None:
        """Throws away what there is."""
        self._part.unlink(missing_ok=True)
        self.forget_version()
        self._done = 0

    def _version(self) -> str:
        """Of the file that the part is of; empty where the server named none."""
        try:
            return self._tag.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            return ""

    def _note_version(self, response: requests.Response) -> None:
        if version := _version(response):
            try:
                self._tag.write_text(version, encoding="ascii")
            except OSError as error:
                raise self._unwritable(error) from None

    def _stop_if_asked(self) -> None:
        if self._cancelled():
            raise FetchStopped(
                f"{self._file.name}: stopped after {self._so_far()}; the next download goes on there"
            )

    def _wait(self, seconds: float) -> None:
        """Sleeps in steps, so that it can be stopped."""
        step = threading.Event()
        while seconds > 0:
            self._stop_if_asked()
            step.wait(min(_LOOKS, seconds))
            seconds -= _LOOKS

    def _so_far(self) -> str:
        return f"{_amount(self._done)} of {_amount(self._total)}" if self._total else _amount(self._done)

    def _failure(self, reason: str) -> str:
        if not self._answered:
            return (
                f"cannot reach {self._host}: {reason}; is there a network?"
                " Everything that is built in works without one"
            )
        kept = f"{self._so_far()} are kept, try again to go on" if self._done else "try again later"
        return f"{self._file.name}: cannot be fetched from {self._host}: {reason}; {kept}"


class _Watch:
    """Ends the reading of a response as soon as somebody asks, even while nothing comes."""

    def __init__(self, raw: urllib3.HTTPResponse, cancelled: Cancelled) -> None:
        self._raw, self._cancelled = raw, cancelled
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="download watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOKS):
            if self._cancelled():
                with contextlib.suppress(OSError, ValueError, RuntimeError):  # it has just ended by itself
                    self._raw.shutdown()
                return


def _version(response: requests.Response) -> str:
    """What tells this version of the file from another one; a weak tag does not."""
    tag = response.headers.get("ETag", "")
    version = tag if tag.startswith('"') else response.headers.get("Last-Modified", "")
    return version if version.isascii() else ""


def _amount(count: int) -> str:
    return f"{count:,} bytes" if count < 100_000 else f"{count / 1e6:,.1f} MB"


def _asked_pause(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _reason(error: BaseException) -> str:
    """The innermost cause, in a few words."""
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        return "no answer in time"
    cause: Any = error
    for _ in range(8):
        inner = getattr(cause, "reason", None) or next(
            (a for a in getattr(cause, "args", ()) if isinstance(a, BaseException)), None
        )
        if not isinstance(inner, BaseException):
            break
        cause = inner
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return "its name is not known here"
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        return str(cause).rpartition("] ")[2] or "no connection"
    if isinstance(cause, (urllib3.exceptions.TimeoutError, TimeoutError)):
        return "no answer in time"
    return getattr(cause, "strerror", None) or "the connection broke"
