"""What the dialog reads in its thread, from damaged files: a reading or a message, and names in any case."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzzing import cuts, flips, tried

from aegui.errors import AeguiError
from aegui.qt.importing.reading import names_in, read
from aegui.spec import ArraySource, IdxSource, ImagesSource, Source, TableSource

SCALINGS = ("auto", "minmax", "standard", "none")


def look(source: Source) -> None:
    names = names_in(source)
    assert all(isinstance(name, str) for found in names.values() for name in found)
    reading = read(source, "auto", lambda done, total: None)
    for scaling in SCALINGS:
        again = read(source, scaling, lambda done, total: None, reading)  # type: ignore[arg-type]
        assert again.stored is reading.stored
    assert len(reading.samples.values) == len(reading.samples.names) > 0


def spoilt(path: Path, every: int) -> Iterator[bytes]:
    content = path.read_bytes()
    return itertools.islice(itertools.chain(cuts(content, 60), flips(content, 0, 60)), 0, None, every)


@pytest.mark.parametrize(
    ("name", "kind"), [("table", TableSource), ("waves", ArraySource), ("idx", IdxSource)]
)
def test_that_a_damaged_file_gives_a_reading_or_a_message(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, kind: type[Source]
) -> None:
    whole = request.getfixturevalue(name)
    look(kind(path=str(whole)))
    outcomes = tried(lambda path: look(kind(path=str(path))), spoilt(whole, 11), tmp_path / "damaged")
    assert outcomes.tried > 30 and outcomes.refusals


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "kind"), [("table", TableSource), ("waves", ArraySource), ("idx", IdxSource)]
)
def test_that_every_damaged_file_gives_a_reading_or_a_message(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, kind: type[Source]
) -> None:
    whole = request.getfixturevalue(name)
    outcomes = tried(lambda path: look(kind(path=str(path))), spoilt(whole, 1), tmp_path / "damaged")
    print(f"\n{name}: {outcomes}")
    assert outcomes.tried > 400


def test_that_a_long_comment_and_a_table_without_rows_have_no_names_and_no_bug(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(f"# {'x' * 200_000}\n1,2\n3,4\n5,6\n")
    look(TableSource(path=str(path)))
    path.write_text("# only a comment\n")
    assert names_in(TableSource(path=str(path), header="yes")) == {"label": ()}


@pytest.mark.parametrize("kind", [TableSource, ArraySource, IdxSource, ImagesSource])
def test_that_pipes_devices_and_loops_give_a_message(tmp_path: Path, kind: type[Source]) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "empty").mkdir()
    for name in ("pipe", "zero", "loop", "empty", "nothing", "zero/nothing", "x" * 300, "a\0b"):
        source = kind(path=str(tmp_path / name))
        assert not names_in(source)
        with pytest.raises(AeguiError):
            read(source, "auto", lambda done, total: None)
