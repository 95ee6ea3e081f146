"""Texts without the folders that they name: what is written to a log is nobody's home."""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import sysconfig
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import aegui

_SEPARATOR = r"(?:[\\/]|%2[fF]|%5[cC]){1,4}"
_LETTER = r"[^\\/\s]"  # of a name

# Where a path begins that does not depend on the folder that one is in.
_START = re.compile(
    rf"""
      (?<!\w)file:{_SEPARATOR}(?={_LETTER})                    # the URL of a file
    | (?<![^\W_])[A-Za-z]:{_SEPARATOR}                         # C:\ and C:/
    | (?<![\w\\])\\{{2,4}}(?:[?.]\\{{1,2}}(?:UNC\\{{1,2}})?)?(?={_LETTER}+\\)  # \\server\share and \\?\C:
    | (?<![\w/])(?<!https:)(?<!http:)//(?={_LETTER}+/)  # //server/share
    | (?<![\w./)\]}}~])/(?=[^/\s])                               # /usr
    | (?<![\w%])%2[fF](?=\S)
    | (?<!\w)\\{{1,2}}(?=(?:Users|Documents\ and\ Settings)\\) # of the current drive
    | ~[\w.-]*{_SEPARATOR}(?={_LETTER})
    | (?<![\w.])\.{{1,2}}[\\/]+(?={_LETTER})
    """,
    re.VERBOSE,
)
_HOMES = re.compile(  # folders whose parts are called after people
    rf"(?:[\\/]+[?.][\\/]+)?(?:[A-Za-z]:)?{_SEPARATOR}"
    rf"(?:home|Users|export{_SEPARATOR}home|Documents\ and\ Settings)",
    re.IGNORECASE,
)
_QUOTES = {"'": "'", '"': '"', "“": "”", "‘": "’", "«": "»", "`": "`"}
# What a path without quotes does not hold, and where it may end.
_MARK = re.compile(r"(?P<end>:(?=\s|$)|\s(?:->|→)\s|[\n\t\0\"“”«»|<>*?])|\s+")
_CODE = r"[^\s\"']+?\.(?:py|pyi|so|pyd|dll|dylib)\b"
_NOBODY = frozenset({"root", "user", "admin", "administrator", "guest", "test"})


def shorten(text: str) -> str:
    """``text`` with every absolute path cut to its last part, and without the user's name.

    Files of the program and its libraries keep their place in the package
    (``aegui/qt/app.py``), the user's folder becomes ``~``. Where it cannot be known whether
    a path goes on, as in names with spaces, more is cut rather than less.
    """
    home = os.path.expanduser("~")
    for pattern in _of_packages():
        text = pattern.sub(lambda found: re.sub(r"[\\/]+", "/", found[1]), text)
    for pattern in _of_home(home):
        text = pattern.sub("~", text)
    text = "".join(_cut(text))
    for pattern in _of_user(home):
        text = pattern.sub("~", text)
    return text


def _cut(text: str) -> Iterator[str]:
    """Pieces of a text, without the folders of its paths."""
    place = 0
    while start := _START.search(text, place):
        yield text[place : start.start()]
        body = text[start.end() : _end(text, start)]
        parted, after = _last_separator(body)
        folder = start[0] + body[:parted]
        if parted and _HOMES.fullmatch(folder.removeprefix("file:")):
            yield "~"
            after = len(body)
        place = start.end() + after
    yield text[place:]


def _last_separator(body: str) -> tuple[int, int]:
    """Where the last part of a path is set off, from and to; zeros if there is one part only."""
    spans = [m.span() for m in re.finditer(_SEPARATOR, body)]
    return next((span for span in reversed(spans) if body[span[1] :].strip(" .,;)'\"")), (0, 0))


def _end(text: str, start: re.Match[str]) -> int:
    """Up to where there may be more of a path."""
    closing = _QUOTES.get(text[start.start() - 1 : start.start()])
    if closing is not None:
        close = re.compile(rf"(?<!\\)(?:\\\\)*{closing}(?!\w)|\n").search(text, start.end())
        return close.end() - 1 if close else len(text)
    for mark in _MARK.finditer(text, start.end()):
        if mark["end"] is not None:
            return mark.start()
        quoted = text[mark.end() : mark.end() + 1] in _QUOTES
        if _START.match(text, mark.end() + quoted):  # another path
            return mark.start()
    return len(text)


@cache
def _of_packages() -> tuple[re.Pattern[str], ...]:
    """Files of the program and of libraries; the group is their place in a package."""
    own = Path(aegui.__file__).parent.parent
    known = dict.fromkeys(_real(str(own)), r"aegui[\\/]+")
    for name in ("purelib", "platlib", "stdlib", "platstdlib"):
        known |= dict.fromkeys(_real(sysconfig.get_path(name)), "")
    return tuple(
        re.compile(rf"{_loosely(folder)}{_SEPARATOR}({package}{_CODE})")
        for folder, package in sorted(known.items(), key=lambda item: -len(item[0]))
    )


@cache
def _of_home(home: str) -> tuple[re.Pattern[str], ...]:
    """The user's folder as it may be written; nothing if it is nobody's own."""
    if len(Path(home).parts) < 3:
        return ()
    forms = {_loosely(spelled) for form in _real(home) for spelled in _spelled(form)}
    return tuple(re.compile(rf"{form}(?![\w.-])", re.IGNORECASE) for form in sorted(forms, key=len))


@cache
def _of_user(home: str) -> tuple[re.Pattern[str], ...]:
    """Names of the user as they may be written, unless they are everybody's."""
    names = {Path(home).name}
    with contextlib.suppress(OSError, KeyError, ImportError):  # of systems that do not tell
        names.add(getpass.getuser())
    names = {name for name in names if len(name) > 2 and name.casefold() not in _NOBODY}
    forms = {re.escape(spelled) for name in names for spelled in _spelled(name)}
    return tuple(
        re.compile(rf"(?<![^\W_]){form}(?![^\W_])", re.IGNORECASE) for form in sorted(forms, key=len)
    )


def _spelled(name: str) -> set[str]:
    """A name in composed and decomposed letters, as in a URL, and escaped as in a representation."""
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")} | {name}
    escaped = {form.encode("ascii", "backslashreplace").decode() for form in forms}
    return forms | escaped | {quote(form, errors="replace") for form in forms}


def _real(path: str) -> set[str]:
    return {path, os.path.realpath(path)}


def _loosely(path: str) -> str:
    """A pattern for a path, whichever separators it is written with."""
    return _SEPARATOR.join(re.escape(part) for part in re.split(r"[\\/]+", path))
