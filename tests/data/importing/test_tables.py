"""Tables in text files: whatever they are separated by, with headers, gaps, words and labels."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aegui.data.importing import cells, dialect
from aegui.data.importing.imported import Imported
from aegui.data.importing.reading import read_file
from aegui.data.load import load_dataset
from aegui.errors import InvalidExperiment
from aegui.spec import Data, TableSource

Write = Callable[..., Path]

IRIS = "length,width,height,species\n" + "".join(
    f"{i + 0.5},{i * 2},{9 - i % 7}.25,{'abc'[i % 3]}\n" for i in range(12)
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return put


def read(path: Path, **choices: Any) -> Imported:
    stored = read_file(TableSource(path=str(path), **choices))
    assert isinstance(stored, Imported)
    return stored


def problems(path: Path, **choices: Any) -> dict[str, str]:
    """The messages of a table that cannot be used, by path; each names the file."""
    with pytest.raises(InvalidExperiment) as caught:
        read(path, **choices)
    assert all(str(path) in problem.message for problem in caught.value.problems)
    return {problem.path.removeprefix("data.source."): problem.message for problem in caught.value.problems}


def said(stored: Imported, words: str) -> bool:
    return any(words in note for note in stored.notes)


def test_that_header_and_label_are_found(write: Write) -> None:
    stored = read(write(IRIS))
    assert stored.shape == (3,) and stored.layout == "table"
    assert stored.features_named == ("length", "width", "height")
    assert stored.classes == ("a", "b", "c")
    assert stored.train.labels is not None
    np.testing.assert_array_equal(stored.train.labels, np.arange(12) % 3)
    np.testing.assert_array_equal(stored.train.stored[1], [1.5, 2, 8.25])
    assert said(stored, "separated by commas, and the first row") and said(stored, '"species" is the label')


@pytest.mark.parametrize(
    ("choice", "classes", "features"),
    [("species", 3, 3), ("SPECIES", 3, 3), ("4", 3, 3), ("", 0, 3), ("auto", 3, 3)],
)
def test_that_the_label_is_chosen_by_name_or_number(
    write: Write, choice: str, classes: int, features: int
) -> None:
    stored = read(write(IRIS), label=choice)
    assert (len(stored.classes), stored.shape) == (classes, (features,))


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("specie", 'has no column "specie"; did you mean "species"? it has "length"'),
        ("9", "must be the name of a column or a number from 1 to 4, got 9"),
        ("length", '"length": labels must be shared by several samples, but all 12 are different'),
    ],
)
def test_that_an_impossible_label_is_a_problem_of_the_label(write: Write, choice: str, message: str) -> None:
    assert message in problems(write(IRIS), label=choice)["label"]


@pytest.mark.parametrize("label", ["1", "column 1"])
@pytest.mark.parametrize("first", [lambda i: f"r{i % 3}", lambda i: str(i % 3)])
def test_that_a_first_column_without_a_name_can_be_the_label(
    write: Write, label: str, first: Callable[[int], str]
) -> None:
    stored = read(write(",a,b\n" + "".join(f"{first(i)},{i},{i * i}\n" for i in range(12))), label=label)
    assert len(stored.classes) == 3 and stored.features_named == ("a", "b")


def test_that_a_number_of_thousands_of_digits_does_no_harm(write: Write) -> None:
    digits, rows = "1" * 5000, "1,2,3\n4,5,6\n7,8,9\n"
    assert read(write(f"{digits},2,3\n{rows}"), label="").shape == (3,)
    pixels = ",".join(["1" * 5000 + "x1", *(f"1x{i}" for i in range(2, 65))])
    assert read(write(pixels + "\n" + (",".join(["3"] * 64) + "\n") * 4), label="").layout == "table"
    assert "has no column" in problems(write(IRIS), label=digits)["label"]


def test_that_names_hold_nothing_that_steers_a_terminal_or_is_no_text(write: Write) -> None:
    rows = "".join(
        f"{i},{'x' if i == 9 else i * i}{chr(27) * (i == 9)},{'pq'[i % 2]}\x1b\n" for i in range(24)
    )
    stored = read(write('"a\nx",b\x1b]0;\x07,label\n' + rows, "t\x1b.csv"))
    assert stored.features_named == ("a x", "b\ufffd]0;\ufffd") and stored.classes == ("p\ufffd", "q\ufffd")
    assert all(text.isprintable() for text in (stored.title, stored.source, *stored.notes))


def test_that_class_numbers_are_sorted_as_numbers_and_written_short(write: Write) -> None:
    text = "".join(f"{i}.5\t{i * i}.25\t{float(i % 11 + 1):.3e}\n" for i in range(33))
    stored = read(write(text), label="3")
    assert stored.classes == tuple(str(i) for i in range(1, 12))


def test_that_a_first_column_of_few_numbers_is_the_label_where_there_are_no_names(write: Write) -> None:
    rows = [[i % 2 + 1, *np.sin(i + np.arange(40))] for i in range(20)]
    text = "".join("  ".join(f"{x:.4e}" for x in row) + "\n" for row in rows)
    stored = read(write(text, "signals.txt"))
    assert stored.layout == "signal" and stored.shape == (40,) and stored.classes == ("1", "2")
    assert said(stored, "spaces") and said(stored, "taken as signals")


def test_that_a_target_with_many_values_stays_a_feature(write: Write) -> None:
    text = "a,b,y\n" + "".join(f"{i},{i % 5},{i / 7}\n" for i in range(30))
    stored = read(write(text))
    assert stored.classes == () and stored.shape == (3,) and said(stored, '"y" is no label')


def test_that_pixels_make_pictures(write: Write) -> None:
    pixels = np.arange(5 * 64).reshape(5, 64) % 256
    header = "label," + ",".join(f"pixel{i}" for i in range(64)) + "\n"
    text = header + "".join(f"{i % 2}," + ",".join(map(str, row)) + "\n" for i, row in enumerate(pixels))
    stored = read(write(text))
    assert stored.shape == (8, 8) and stored.layout == "picture"
    assert stored.train.stored.dtype == np.uint8 and (stored.low, stored.high) == (0, 255)
    np.testing.assert_array_equal(stored.train.stored, pixels)


def test_that_numbered_columns_make_signals_and_the_choice_overrules(write: Write) -> None:
    rows = ["".join(f",{np.cos(i * t):.3f}" for t in range(40))[1:] for i in range(9)]
    text = "\n".join([",".join(map(str, range(40))), *rows])
    path = write(text)
    assert read(path).layout == "signal" and len(read(path).train) == 9
    assert read(path, rows="table").layout == "table"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "latin-1", "utf-8"])
def test_that_usual_encodings_are_read(write: Write, encoding: str) -> None:
    stored = read(write("Länge;Größe\n1,5;2,25\n3,5;4,25\n5,5;6,75\n", encoding=encoding), label="")
    assert stored.features_named == ("Länge", "Größe")
    np.testing.assert_array_equal(stored.train.stored, [[1.5, 2.25], [3.5, 4.25], [5.5, 6.75]])
    assert said(stored, "Latin-1") == (encoding == "latin-1") and said(stored, "decimal commas")


def test_that_a_late_byte_of_another_encoding_is_no_end(write: Write) -> None:
    stored = read(write(b"a,b,c\n" + b"1,2,x\n" * 20_000 + b"1,2,\xe4\n"))
    assert stored.classes == ("x", "ä") and len(stored.train) == 20_001


@pytest.mark.parametrize(
    "text",
    [
        "a|b\n1|2\n3|4\n5|6\n",
        "sep=;\na;b\n1;2\n3;4\n5;6\n",
        "# made by numpy\n# a b\n1 2\n3 4\n5 6\n",
        "a,b\r1,2\r3,4\r5,6\r",
        'a,b\r\n"1","2"\r\n\r\n3,4\r\n,\r\n5,6\r\n',
        "a,b\n1,2,\n3,4,\n5,6,\n",
        ",a,b\n0,1,2\n1,3,4\n2,5,6\n",
        "a\tb\nr1\t1\t2\nr2\t3\t4\nr3\t5\t6\n",
    ],
)
def test_that_tables_of_many_programs_are_read(write: Write, text: str) -> None:
    stored = read(write(text), label="")
    assert stored.features_named == ("a", "b")
    np.testing.assert_array_equal(stored.train.stored, [[1, 2], [3, 4], [5, 6]])


def test_that_a_gzipped_table_is_read(write: Write) -> None:
    stored = read(write(gzip.compress(IRIS.encode(), mtime=0), "iris.csv.gz"))
    assert len(stored.train) == 12 and stored.title == "iris"


def test_that_names_that_stand_twice_get_a_number(write: Write) -> None:
    stored = read(write("a,a,,a\n1,2,3,4\n5,6,7,8\n9,1,2,3\n"), label="")
    assert stored.features_named == ("a", "a (2)", "column 3", "a (3)")


GAPS = "a,b,c\n1,10,5\n?,20,5.5\n3,NA,6\n8,60,\n"


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("mean", [[1, 10, 5], [4, 20, 5.5], [3, 30, 6], [8, 60, 5.5]]),
        ("median", [[1, 10, 5], [3, 20, 5.5], [3, 20, 6], [8, 60, 5.5]]),
        ("zero", [[1, 10, 5], [0, 20, 5.5], [3, 0, 6], [8, 60, 0]]),
    ],
)
def test_that_gaps_are_filled_as_chosen(write: Write, choice: str, expected: list[list[float]]) -> None:
    stored = read(write(GAPS), missing=choice)
    np.testing.assert_array_equal(stored.train.stored, expected)
    assert stored.gaps == (("a", 1), ("b", 1), ("c", 1)) and said(stored, "3 numbers of 12 missing")


def test_that_rows_or_columns_with_gaps_are_left_out(write: Write) -> None:
    text = "a,b,c\n1,2,3\n4,,6\n7,8,9\n5,5,5\n"
    rows = read(write(text), missing="drop-rows").train.stored
    np.testing.assert_array_equal(rows, [[1, 2, 3], [7, 8, 9], [5, 5, 5]])
    stored = read(write(text), missing="drop-columns")
    assert stored.features_named == ("a", "c") and len(stored.train) == 4


def test_that_infinite_numbers_and_single_words_count_as_missing(write: Write) -> None:
    text = "a,b\n" + "".join(f"{i},{i * 2}\n" for i in range(30)) + "inf,1\n1e999,1\noops,1\n1_0,1\n"
    stored = read(write(text), missing="drop-rows", label="")
    assert len(stored.train) == 30
    assert said(stored, '"a" (2)') and said(stored, 'as in line 34 ("oops")')


def test_that_rows_without_a_label_are_left_out(write: Write) -> None:
    stored = read(write(IRIS + "1,2,3,\n1,2,3,?\n"))
    assert len(stored.train) == 12 and said(stored, "2 rows without a label left out")


COLOURS = "n,colour,m,name\n" + "".join(
    f"{i},{['red', 'green', ''][i % 3]},{i * i},name{i}\n" for i in range(40)
)


def test_that_words_are_left_out_or_made_to_columns(write: Write) -> None:
    assert read(write(COLOURS), label="").features_named == ("n", "m")
    stored = read(write(COLOURS), label="", text="one-hot")
    assert stored.features_named == ("n", "m", "colour = green", "colour = red")
    np.testing.assert_array_equal(stored.train.stored[:3, 2:], [[0, 1], [1, 0], [0, 0]])
    assert said(stored, 'more than 32 different ones left out: "name"')
    twice = read(write("n,k,m,l\n" + "1,a,2,x\n3,b,4,y\n5,b,6,x\n"), label="", text="one-hot")
    assert twice.features_named == ("n", "m", "k = a", "k = b", "l = x", "l = y")
    np.testing.assert_array_equal(twice.train.stored[1], [3, 4, 0, 1, 0, 1])


def test_that_every_refusal_of_a_table_is_told_at_once(write: Write) -> None:
    found = problems(write(COLOURS + ",red,,x\n"), label="name", text="refuse", missing="refuse")
    assert set(found) == {"label", "text", "missing"}


def test_that_the_fiftieth_column_and_its_gaps_train(write: Write) -> None:
    random = np.random.default_rng(0)
    numbers = random.normal(size=(60, 50))
    rows = [[f"{x:.4f}" if random.random() > 0.05 else "" for x in row] for row in numbers]
    text = ",".join(f"f{i}" for i in range(50)) + "\n" + "\n".join(",".join(row) for row in rows)
    dataset = load_dataset(Data(source=TableSource(path=str(write(text)))), 0)
    assert dataset.shape == (50,) and dataset.layout == "table"
    assert np.isfinite(dataset.scaled(dataset.train)).all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "holds no row"),
        (b"a,b,c\n", "no column of numbers"),
        (b"a,b\n1,2\n", "at least 3 samples"),
        (b"a,b\nx,y\nz,w\nu,v\n", "no column of numbers, only of words"),
        (b"a,b\nNA,?\n?,NA\n?,?\n", "every number is missing"),
        (b"a\n1\n2\n3\n", "a single column of numbers"),
        (b"a\n" + b"1\n2\n3\n" * 5, "a single column of numbers"),
        (b"a,b,c\n1,2,3\n4,5\n6,7,8\n1,2,3,4\n", "in 2 rows it is different: line 3 has 2, line 5 has 4"),
        (b"a,b\n1,2\n" + b"3,4\n" * 3000 + b"5,\x006\n", "line 3,003 has a zero byte"),
        (bytes(range(256)) * 20, "is binary data"),
        (b'a,b\n1,"2\n' + b"3,4\n" * 40_000, "quotation mark missing"),
        (b"1," * 9_000_000, "at most 16,777,216 characters"),
        (gzip.compress(b"1" * 20_000_000, mtime=0), "at most 16,777,216 characters"),
        (gzip.compress(b"1,2\n" * 100_000, mtime=0)[:200], "damaged gzip"),
        (gzip.compress(b"1,2\n" * 10, mtime=0)[:12], "damaged gzip"),
        (gzip.compress(b"", mtime=0), "is empty"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "damaged text"),
        ("a,b\n1,2\n3,4\n".encode("utf-16-le"), "save it as UTF-8"),
        (b"PK\x03\x04" + bytes(500), "save it as CSV"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG picture"),
        (b"%PDF-1.7 and more", "a PDF"),
    ],
)
def test_that_a_bad_table_is_refused_by_name_and_reason(write: Write, content: bytes, message: str) -> None:
    assert message in problems(write(content))["path"]


def test_that_folders_devices_and_missing_files_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in problems(tmp_path)["path"]
    assert "cannot be read" in problems(tmp_path / "nothing.csv")["path"]
    with pytest.raises(InvalidExperiment, match="choose a file"):
        read_file(TableSource())
    with pytest.raises(InvalidExperiment, match="null byte"):
        read_file(TableSource(path="a\0b"))


def test_that_progress_is_told_and_may_end_the_reading(write: Write) -> None:
    path = write("".join(f"{i},{i + 1},{i},{i}\n" for i in range(120_000)))
    told: list[tuple[int, int]] = []
    read_file(TableSource(path=str(path), label=""), lambda done, total: told.append((done, total)))
    assert len(told) > 2 and told[-1] == (1000, 1000) and told == sorted(told)

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        read_file(TableSource(path=str(path)), stop)


def test_that_too_many_columns_are_counted_before_lines_are_taken_apart(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed, tried = dialect.parsed, []

    def spy(lines: Any, delimiter: str) -> Any:
        tried.append(delimiter)
        return parsed(lines, delimiter)

    monkeypatch.setattr(dialect, "LARGEST_SAMPLE", 100)
    monkeypatch.setattr(dialect, "parsed", spy)
    for delimiter, name in ((";", "auto"), (" ", "auto"), (",", "comma")):
        tried.clear()
        path = write((f"x{delimiter}" * 200 + "\n") * 4)
        assert "must have at most 100 columns, has more" in problems(path, delimiter=name)["path"]
        assert delimiter not in tried


def test_that_wide_rows_among_narrow_ones_end_the_reading(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "_MOST_RAGGED_CELLS", 500)
    path = write("1,2\n" * 300 + ("3," * 400 + "\n") * 9)
    assert "in at least 2 rows it is different: line 301 has 401" in problems(path)["path"]


def test_that_a_block_ends_after_so_many_characters(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long cells would fill the memory, and empty lines give no rows."""
    monkeypatch.setattr(cells, "_BLOCK_CHARACTERS", 1000)
    for rows in (f"1,2,{'x' * 1200}\n" * 20, "\n" * 20_000 + "1,2,3\n" * 3):
        told: list[tuple[int, int]] = []
        path = write("a,b,c\n" + "1,2,3\n" * 300 + rows)
        read_file(TableSource(path=str(path), label=""), lambda *moment, told=told: told.append(moment))
        assert len(told) > 15


def test_that_words_that_are_texts_are_no_labels(write: Write) -> None:
    text = "a,b,c\n" + "".join(f"{i},{i * i},{'xy'[i % 2] * 1001}\n" for i in range(9))
    assert read(write(text)).classes == ()
    assert "of 1,000 characters, has more" in problems(write(text), label="c")["label"]


@pytest.mark.parametrize("late", ["1,5", "-,5", "1,25e-3"])
@pytest.mark.parametrize("every", [3, 100])
def test_that_decimal_commas_that_begin_late_are_found(write: Write, late: str, every: int) -> None:
    rows = [[str(i), str(3 * i), late if i > 250 and i % every == 0 else str(2 * i)] for i in range(600)]
    path = write("id;x;y\n" + "".join(";".join(row) + "\n" for row in rows))
    stored = read(path, label="", rows="table")
    expected = [[float(cell.replace(",", ".")) for cell in row] for row in rows]
    np.testing.assert_array_equal(stored.train.stored, expected)
    assert said(stored, "decimal commas, the first in line ") and stored.gaps == ()


def test_that_a_comma_between_thousands_is_no_decimal_comma(write: Write) -> None:
    rows = [f"{i};{i}.5;{'1,000' if i == 400 else f'{i}.5'}\n" for i in range(600)]
    stored = read(write("id;x;y\n" + "".join(rows)), label="")
    assert stored.gaps == (("y", 1),) and stored.train.stored[7].tolist() == [7, 7.5, 7.5]


def test_that_any_number_of_comments_may_stand_before_a_table(write: Write) -> None:
    stored = read(write("# note\n\n" * 300 + IRIS))
    assert len(stored.train) == 12 and said(stored, "600 lines before the table left out")
    assert "in its first 250 lines" in problems(write("# note\n" * 250))["path"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("year,2001,2002,2003\n1,2,3,4\n2,3,4,9\n3,4,5,9\n", ("year", "2001", "2002", "2003")),
        ("id,2000,2010,2020,x\n1,2,3,4,5\n2,3,4,9,5\n3,4,5,9,7\n", ("id", "2000", "2010", "2020", "x")),
        ("?,7,3,9\n1,2,3,4\n2,3,4,9\n3,4,5,9\n", ()),
        ("oops,7,3,9\n1,2,3,4\n2,3,4,9\n3,4,5,9\n", ()),
    ],
)
def test_that_years_may_be_names(write: Write, text: str, names: tuple[str, ...]) -> None:
    stored = read(write(text), label="", rows="table")
    assert len(stored.train) == (3 if names else 4)
    assert not names or stored.features_named == names


CELLS = st.floats(-(2.0**120), 2.0**120, width=32, allow_subnormal=False)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_what_was_written_is_read_back_exactly(tmp_path: Path, data: st.DataObject) -> None:
    columns, rows = data.draw(st.integers(2, 6)), data.draw(st.integers(3, 12))
    numbers = np.array(data.draw(st.lists(CELLS, min_size=rows * columns, max_size=rows * columns)))
    numbers = numbers.reshape(rows, columns)
    assume(not 0 < np.ptp(numbers) < 1e-36)
    gaps = np.array(data.draw(st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns)))
    gaps = gaps.reshape(rows, columns) & (np.arange(rows) > 0)[:, None] & (np.arange(columns) > 0)
    delimiter = data.draw(st.sampled_from(",;\t |"))
    comma = delimiter != "," and data.draw(st.booleans())
    mark = data.draw(st.sampled_from(["?", "NA", "nan", "null"] + ([] if delimiter == " " else [""])))
    header = data.draw(st.booleans())
    file = io.StringIO()
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting)
    if header:
        writer.writerow([f"name {i}".replace(" ", "-") for i in range(columns)])
    for row, missing in zip(numbers, gaps, strict=True):
        cells = [repr(float(x)).replace(".", ",") if comma else repr(float(x)) for x in row]
        writer.writerow([mark if gap else cell for cell, gap in zip(cells, missing, strict=True)])
    path = tmp_path / "round.csv"
    path.write_text(file.getvalue(), newline="")
    stored = read(path, label="", missing="zero", rows="table")
    np.testing.assert_array_equal(stored.train.stored, np.where(gaps, 0, numbers))
    assert sum(count for _, count in stored.gaps) == gaps.sum()
    assert stored.features_named[0] == ("name-0" if header else "column 1")
