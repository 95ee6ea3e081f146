"""Hands a file to a window that is open already, by a socket that its user alone can reach.

Every window has a place of its own in a folder of the user's; the one that was used last is asked first.

    the caller             the window
    {"format": 1, ...}
                           ready (or busy, or wrong)
    go

The file is opened at the third line: a window that did not answer in time opens nothing afterwards.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST = 2**16  # bytes of a request; six for each of a path, as JSON has them
GO = b"go"
TOKEN = "XDG_ACTIVATION_TOKEN"  # variable by which Wayland says that the user wants to see what is opened
PATIENCE = 1.0  # seconds that a caller waits for all windows together

_FORMAT = 1
_LONGEST_PATH = 4096  # letters
_LONGEST_TOKEN = 256  # letters
_LONGEST_ANSWER = 16  # bytes
_TEXTS = ("open", "token", "word")  # of a request
_CALLERS = 8  # that wait to be let in
_LOCAL = "127.0.0.1"
# Windows see each other only where they are on the same screen and work in the same folders.
_SURROUNDINGS = (
    *("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "HOME", "USERPROFILE"),
    *("AEGUI_RUNS", "AEGUI_STATE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"),
)


@dataclass(frozen=True)
class Request:
    """A file to be opened, and what lets the window come to the front under Wayland, or nothing."""

    path: Path
    token: str


class Listener:
    """Where one window can be reached. Raises OSError where no such place can be made."""

    def __init__(self, *, by_path: bool = hasattr(socket, "AF_UNIX")) -> None:
        """``by_path``: by a socket in the file system; else by a port, which needs a word from a file."""
        folder = _folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(folder):
            raise PermissionError(f"{folder} can be used by others")
        self.place = folder / f"{_scope()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._word = "" if by_path else secrets.token_hex(16)
        self.socket = _bound(self.place) if by_path else _on_a_port(self.place, self._word)
        self.socket.setblocking(False)

    def read(self, request: bytes) -> Request | None:
        """What a caller wants; None for anything that is no request."""
        try:
            asked = json.loads(request)
        except (ValueError, RecursionError):
            return None
        if not isinstance(asked, dict) or asked.keys() != {"format", *_TEXTS} or asked["format"] != _FORMAT:
            return None
        if not all(isinstance(asked[name], str) for name in _TEXTS):
            return None
        path, token, word = (asked[name] for name in _TEXTS)
        known = hmac.compare_digest(word.encode(errors="replace"), self._word.encode())
        return Request(Path(path), token) if known and _is_file_name(path) and _is_token(token) else None

    def come_first(self) -> None:
        """This window was used last."""
        with contextlib.suppress(OSError):
            os.utime(self.place)

    def close(self) -> None:
        """Nobody is listened to any more."""
        self.socket.close()
        with contextlib.suppress(OSError):
            self.place.unlink()
        with contextlib.suppress(OSError):  # another window has its place there
            self.place.parent.rmdir()


def _is_file_name(path: str) -> bool:
    return 0 < len(path) <= _LONGEST_PATH and "\0" not in path and os.path.isabs(path)


def _is_token(token: str) -> bool:
    return len(token) <= _LONGEST_TOKEN and token.isascii() and token.isprintable()


def is_any_window_open() -> bool:
    """Whether it is worth asking; a window that has crashed counts until it is asked."""
    return next(_places(), None) is not None


def hand_over(path: Path, patience: float = PATIENCE) -> bool:
    """Whether a window has taken a file upon itself, within so many seconds."""
    end = time.monotonic() + patience
    return any(_ask(place, path, end) for place in _places())


def _ask(place: Path, path: Path, end: float) -> bool:
    try:
        with _connected(place, end) as (connection, word):
            token = os.environ.get(TOKEN, "")
            asked = {
                "format": _FORMAT,
                "open": os.fspath(path),
                "token": token if _is_token(token) else "",
                "word": word,
            }
            connection.sendall(json.dumps(asked).encode() + b"\n")
            if _line(connection, end) != b"ready":
                return False
            connection.sendall(GO + b"\n")
            return True
    except ConnectionRefusedError:  # its process has crashed
        with contextlib.suppress(OSError):
            place.unlink()
    except (OSError, ValueError):
        pass
    return False


def _line(connection: socket.socket, end: float) -> bytes:
    said = b""
    while b"\n" not in said and len(said) < _LONGEST_ANSWER:
        connection.settimeout(_left(end))
        data = connection.recv(_LONGEST_ANSWER)
        if not data:
            break
        said += data
    return said.partition(b"\n")[0]


@contextlib.contextmanager
def _connected(place: Path, end: float) -> Iterator[tuple[socket.socket, str]]:
    """A connection to a window, and the word that it wants to hear."""
    by_path = stat.S_ISSOCK(place.lstat().st_mode)
    port, word = (0, "") if by_path else _port_and_word(place)
    with socket.socket(socket.AF_UNIX if by_path else socket.AF_INET) as connection:
        connection.settimeout(_left(end))
        connection.connect(os.fspath(place) if by_path else (_LOCAL, port))
        yield connection, word


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("no window has answered")
    return left


def _bound(place: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.bind(os.fspath(place))
    made.listen(_CALLERS)
    return made


def _on_a_port(place: Path, word: str) -> socket.socket:
    made = socket.socket(socket.AF_INET)
    made.bind((_LOCAL, 0))
    made.listen(_CALLERS)
    beside = place.with_suffix(".part")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{made.getsockname()[1]} {word}")
    beside.replace(place)
    return made


def _port_and_word(place: Path) -> tuple[int, str]:
    with open(place, encoding="ascii") as file:
        port, word = file.read(100).split()
    if not 0 < int(port) < 2**16:
        raise ValueError(f"{place}: {port} is no port")
    return int(port), word


def _places() -> Iterator[Path]:
    """Of windows on this screen, the one that was used last first."""
    folder = _folder()
    with contextlib.suppress(OSError):
        if _is_private(folder):
            found = [
                path for path in folder.iterdir() if path.name.startswith(f"{_scope()}-") and not path.suffix
            ]
            yield from sorted(found, key=_used, reverse=True)


def _used(place: Path) -> float:
    try:
        return place.lstat().st_mtime
    except OSError:
        return 0.0


def _folder() -> Path:
    """A folder that this user alone may enter, and that is gone after a restart of the machine."""
    root = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(root if os.path.isdir(root) else tempfile.gettempdir()) / f"aegui-{_user()}"


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0  # where the folder for passing files is a user's own


def _is_private(folder: Path) -> bool:
    """Whether nobody else could have made what is in there. Raises OSError."""
    found = folder.lstat()
    if not hasattr(os, "getuid"):
        return stat.S_ISDIR(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _scope() -> str:
    words = "\n".join(os.environ.get(name, "") for name in _SURROUNDINGS)
    return hashlib.sha256(words.encode(errors="surrogateescape")).hexdigest()[:16]
