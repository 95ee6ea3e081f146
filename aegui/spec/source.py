"""Data of one's own: which file, and how it is read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aegui.spec.value import Value, param

Channels = Literal["auto", "first", "last", "none"]
Colour = Literal["auto", "grey", "rgb"]
Fit = Literal["crop", "pad", "stretch"]
Missing = Literal["mean", "median", "zero", "drop-rows", "drop-columns", "refuse"]
TextColumns = Literal["drop", "one-hot", "refuse"]
Header = Literal["auto", "yes", "no"]
RowsAs = Literal["auto", "table", "signal"]


FILES = ("path", "labels", "test", "test_labels")  # the parts that may name a file


class _File(Value):
    kind: str
    path: str = param(
        "", "the file or folder; relative paths count from the experiment file's folder", label="Path"
    )


class IdxSource(_File):
    """An IDX file, the format of MNIST, plain or gzipped."""

    kind: Literal["idx"] = "idx"
    labels: str = param("", "IDX file with a label for each sample; empty for none", label="Labels file")
    test: str = param("", "IDX file of the official test part; empty to draw 20 % by seed", label="Test file")
    test_labels: str = param("", "IDX file with the labels of the test part", label="Test labels file")


class ImagesSource(_File):
    """A folder of pictures (PNG, JPEG, BMP, TIFF); sub-folders, where there are any, are the classes."""

    kind: Literal["images"] = "images"
    height: int | None = param(
        None, "height in pixels; empty takes that of most pictures, at most 64", label="Height", ge=1, le=4096
    )
    width: int | None = param(
        None, "width in pixels; empty takes that of most pictures, at most 64", label="Width", ge=1, le=4096
    )
    colour: Colour = param(
        "auto", "grey or three colours; auto takes grey if every picture is grey", label="Colour"
    )
    fit: Fit = param(
        "crop",
        "pictures of another shape are cropped to the middle, padded with black, or stretched",
        label="Other shapes",
    )


class ArraySource(_File):
    """A numpy file: NPY, or one array of an NPZ."""

    kind: Literal["npz"] = "npz"
    array: str = param(
        "", "name of the samples in an NPZ file; empty takes the usual name or the largest", label="Array"
    )
    label: str = param(
        "", "name of the labels in an NPZ file; empty takes the usual name, if there is one", label="Labels"
    )
    channels: Channels = param(
        "auto", "where the colours of a picture stand: C×H×W is first, H×W×C is last", label="Colour axis"
    )
    rows: RowsAs = param(
        "auto",
        "what samples with a single axis are: rows of a table or signals; auto takes pictures for"
        " bytes of a square number, else signals above 64",
        label="Rows are",
    )


class TableSource(_File):
    """A table of numbers in a text file: CSV or TSV, a sample in each row."""

    kind: Literal["csv"] = "csv"
    delimiter: Literal["auto", "comma", "semicolon", "tab", "space", "bar"] = param(
        "auto", "what stands between two columns; auto finds out", label="Delimiter"
    )
    header: Header = param("auto", "whether the first row names the columns; auto finds out", label="Header")
    label: str = param(
        "auto",
        'name of the column with the class, or its number from 1; empty for none; "auto" finds out',
        label="Label column",
    )
    missing: Missing = param("median", "what is done where a number is missing", label="Missing values")
    text: TextColumns = param("drop", "what is done with columns that are no numbers", label="Text columns")
    rows: RowsAs = param(
        "auto",
        "whether rows are signals, drawn as curves, or records of a table; auto takes signals where 32 or"
        " more columns are numbered or have no names, and pictures where they are pixels",
        label="Rows are",
    )


Source = Annotated[IdxSource | ImagesSource | ArraySource | TableSource, Field(discriminator="kind")]
