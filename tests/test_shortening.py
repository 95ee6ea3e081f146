"""Paths in texts: however they are written, their folders go and their last part stays."""

from __future__ import annotations

import os
import re
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import aegui
from aegui.shortening import shorten

SECRET = "geheim"  # in the name of every folder that nobody shall read of
LETTERS = "abzÄß éλЖ中🎈 -_+.,()[]{}&%$#@!=~^0 '"
FILE = "wanted.toml"


def _folders() -> st.SearchStrategy[list[str]]:
    names = st.text(LETTERS, max_size=6).map(lambda text: f"{SECRET}{text.rstrip(' .')}")
    names |= st.text(LETTERS, max_size=6).map(lambda text: f"{text.lstrip(' ~.')}{SECRET}")
    # After a space, a quote or a tilde begins another path.
    names = names.filter(lambda name: name == name.strip() and not re.search(" ['~]", name))
    return st.lists(names, min_size=1, max_size=4)


# Every way to write a path, given its folders.
FORMS = {
    "posix": lambda parts: "/" + "/".join(parts),
    "posix home": lambda parts: "/home/" + "/".join(parts),
    "tilde": lambda parts: "~/" + "/".join(parts),
    "up": lambda parts: "../" + "/".join(parts),
    "drive": lambda parts: "C:\\" + "\\".join(parts),
    "drive, slashes": lambda parts: "d:/" + "/".join(parts),
    "drive, both": lambda parts: "C:\\Users/" + "\\".join(parts),
    "of this drive": lambda parts: "\\Users\\" + "\\".join(parts),
    "server": lambda parts: "\\\\server\\" + "\\".join(parts),
    "server, slashes": lambda parts: "//server/" + "/".join(parts),
    "long": lambda parts: "\\\\?\\C:\\" + "\\".join(parts),
    "long server": lambda parts: "\\\\?\\UNC\\server\\" + "\\".join(parts),
    "url": lambda parts: "file:///" + "/".join(map(quote, parts)),
    "url of a drive": lambda parts: "file:///C:/" + "/".join(map(quote, parts)),
    "url of a server": lambda parts: "file://server/" + "/".join(map(quote, parts)),
    "all encoded": lambda parts: quote("/" + "/".join(parts), safe=""),
}
# Every place in which one stands.
TEXTS = (
    "{}",
    "{}: cannot be read: no such file",
    "cannot open {}",
    "“{}” is damaged",
    '  File "{}", line 12, in f',
    "<{}>",
    "({})",
    "two\nlines: {}\nand more",
    "{}: must be at most 3/4; not {}: see there",
    "was {} -> now {}",
    "“{}” and “{}” of mean/std",
    "--out={}",
    "error:{}",
)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(_folders(), st.sampled_from(sorted(FORMS)), st.sampled_from(TEXTS))
def test_that_folders_go_and_the_name_of_the_file_stays(parts: list[str], form: str, text: str) -> None:
    told = text.format(*[FORMS[form]([*parts, FILE])] * 2)
    short = shorten(told)
    assert SECRET not in short and FILE in short
    assert all(word in short for word in re.findall(r"cannot|line 12|lines|damaged|more|mean/std", told))


@settings(deadline=None, max_examples=80, derandomize=True)
@given(_folders(), st.sampled_from(sorted(FORMS)))
@example(["geheim'"], "posix")
@example(['geheim"', "geheim'"], "drive")
def test_that_messages_and_representations_of_the_system_are_shortened(parts: list[str], form: str) -> None:
    path = FORMS[form]([*parts, FILE])
    for told in (
        str(OSError(2, "No such file or directory", path)),
        str(OSError(18, "Cannot be moved", path, None, path)),
        repr({"path": path, "paths": [path, path]}),
        ascii(path),
        repr(Path(path)),
        repr(path.encode()),
    ):
        short = shorten(told)
        assert SECRET not in short and FILE in short, told


@settings(deadline=None, max_examples=80, derandomize=True)
@given(st.text())
def test_that_any_text_can_be_shortened(text: str) -> None:
    assert len(shorten(text)) <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "the mean of 3/4, mean/std, at 12 samples/s and/or 0.5",
        "a / b and f(x)/g(x), 10:30, 12:/",
        "https://example.org/data/set.zip: answered 404",
        "architecture.encoder[0].units: must be at most 4,096",
        "runs were written; ratio ~0.5 … or ../",
        "line 1\nline 2: \\d+ and \\n",
    ],
)
def test_that_what_is_no_path_stays(text: str) -> None:
    assert shorten(text) == text


def test_that_files_of_the_program_keep_their_place() -> None:
    folder = Path(aegui.__file__).parent
    assert shorten(f'File "{folder / "qt" / "app.py"}", line 3') == 'File "aegui/qt/app.py", line 3'
    assert shorten(f'File "{pytest.__file__}"') == 'File "pytest/__init__.py"'
    assert shorten(f'File "{re.__file__}"') == 'File "re/__init__.py"'
    assert shorten(f"“{folder.parent / SECRET / FILE}”") == f"“{FILE}”"


def test_that_a_traceback_names_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / f"{SECRET} of Zoë"
    folder.mkdir()
    code = compile(f"open({str(folder / FILE)!r})", str(folder / "plugin.py"), "exec")
    with pytest.raises(OSError) as failure:
        exec(code)
    short = shorten("".join(traceback.format_exception(failure.value)))
    assert SECRET not in short and str(tmp_path.parent) not in short
    assert 'File "plugin.py", line 1' in short and short.count(FILE) == 1
    assert "tests/" not in short and 'File "test_shortening.py"' in short


@pytest.mark.parametrize("name", ["jane", "Jane Doe", "jürgen", "Ζωή", "o'brien"])
def test_that_the_user_is_not_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    home = f"{os.sep}home{os.sep}{name}"
    monkeypatch.setenv("HOME" if os.name == "posix" else "USERPROFILE", home)
    monkeypatch.setenv("LOGNAME", name)
    forms = (name, name.upper(), quote(name), ascii(name)[1:-1], home, quote(home), home.replace("/", "\\\\"))
    for form in forms:
        for told in (form, f"{form}: is full", f"of {form}, in", f"“{form}”", f"--out={form}"):
            short = shorten(told)
            assert form.casefold() not in short.casefold() and "~" in short, told
    assert shorten(f"{home}{os.sep}{FILE}") == FILE


def test_that_the_folder_of_somebody_else_names_nobody() -> None:
    for folder in ("/home", "/Users", "C:\\Users", "c:/users", "file:///home", "\\\\?\\C:\\Users"):
        path = f"{folder}{'/' if '/' in folder else chr(92)}{SECRET}"
        assert shorten(f"{path}: no") == "~: no", path


def test_that_a_service_without_a_name_loses_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME" if os.name == "posix" else "USERPROFILE", os.sep)
    monkeypatch.setenv("LOGNAME", "root")
    assert shorten("the root-mean-square is / 3, the user") == "the root-mean-square is / 3, the user"


def test_that_many_separators_take_no_time() -> None:
    for text in ("/a " * 7000, "/" * 20_000, "\\" * 20_000, "/a/" * 7000, "~/" * 10_000, "“/a " * 5000):
        assert isinstance(shorten(text), str)
