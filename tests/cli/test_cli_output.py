"""What is printed arrives in any encoding, or its loss is told in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

POSIX = pytest.mark.skipif(os.name != "posix", reason="bytes in names and /dev/full are of POSIX")
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def run(*words: str | bytes, **parts: Any) -> subprocess.CompletedProcess[str]:
    environment = os.environ | parts.pop("env", {})
    return subprocess.run(
        [sys.executable, "-m", "aegui", *words],
        env=environment,
        text=True,
        check=False,
        stderr=subprocess.PIPE,
        **({"stdout": subprocess.PIPE} | parts),
    )


@POSIX
def test_that_a_locale_without_some_letters_is_no_obstacle() -> None:
    done = run("data", "list", env=ASCII)
    assert done.returncode == 0 and done.stderr == "" and "28\\xd728" in done.stdout


@POSIX
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_that_a_full_disk_behind_the_output_is_one_line(unbuffered: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = run("presets", stdout=full, env={"PYTHONUNBUFFERED": unbuffered})
    assert done.returncode == 1
    assert done.stderr == "aegui: standard output cannot be written: No space left on device\n"


@POSIX
def test_that_a_title_of_other_bytes_is_refused_in_words() -> None:
    done = run("train", "deep", "--set", b"title=a\xffb")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == (
        "aegui: --set title=a\\udcffb: must be text in the terminal's encoding, holds other bytes\n"
    )


@POSIX
def test_that_a_file_with_a_name_of_other_bytes_can_be_checked(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/a\xffb.toml"
    Path(os.fsdecode(path)).write_text("[code]\nsize = 0")
    done = run("data", "check", path)
    assert done.returncode == 2 and done.stderr.endswith(
        "a\\udcffb.toml: code.size: must be at least 1, got 0\n"
    )


@POSIX
def test_that_data_in_a_folder_of_other_bytes_are_refused_in_words(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xffb"))
    folder.mkdir()
    (folder / "x.toml").write_text('[data]\nsource = { kind = "csv", path = "x.csv" }')
    done = run("train", os.fsencode(folder / "x.toml"))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "data.source.path: must be the name of a file in UTF-8" in done.stderr
