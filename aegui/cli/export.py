"""``aegui export``: a run, or a part of it, as a file for other programs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aegui.cli.foreign import check_target, tell_data
from aegui.errors import InvalidInput


@dataclass(frozen=True)
class Export:
    """One thing that a run can be written as. ``write`` imports what it needs and says what it wrote."""

    file: str  # its name in the run's folder, where --out does not name another
    what: str
    write: Callable[[Path, Path, Namespace], str]  # folder of the run, file to write, the call
    options: tuple[str, ...] = ()  # the options of the call that mean something to it alone


def export(arguments: Namespace) -> int:
    """Writes a run as what --to names, and says where."""
    from aegui.runs.reading import read_experiment

    chosen = EXPORTS[arguments.to]
    for name in {option for other in EXPORTS.values() for option in other.options}:
        if getattr(arguments, name) is not None and name not in chosen.options:
            option = name.replace("_", "-")
            raise InvalidInput(f"--{option}: means nothing with --to {arguments.to}")
    path = arguments.out or arguments.run / chosen.file
    if arguments.out is None:
        check_target(arguments.run, path)
    tell_data(read_experiment(arguments.run), arguments.run)
    print(f"{path}: {chosen.write(arguments.run, path, arguments)}")
    return 0


def _codes(run: Path, path: Path, arguments: Namespace) -> str:
    from aegui.runs.exporting import export_codes

    table = export_codes(run, path, arguments.input or "clean")
    return f"codes of {len(table):,} samples, {table.codes.shape[1]:,} units"


def _figures(run: Path, path: Path, _arguments: Namespace) -> str:
    from aegui.runs.figure_export import export_figures

    return ", ".join(export_figures(run, path))


def _report(run: Path, path: Path, _arguments: Namespace) -> str:
    from aegui.runs.report_export import export_report

    return f"a page of {export_report(run, path) / 1e6:.1f} MB that needs no other file"


def _onnx(run: Path, path: Path, _arguments: Namespace) -> str:
    from aegui.runs.onnx_export import export_onnx

    found = export_onnx(run, path)
    return (
        f"onnxruntime gives what torch gives on {found.samples:,} test samples;"
        f" the largest difference is {found.difference:.2g}"
    )


def _script(run: Path, path: Path, _arguments: Namespace) -> str:
    from aegui.runs.script_export import export_script

    return ", ".join(export_script(run, path))


def _package(run: Path, path: Path, arguments: Namespace) -> str:
    from aegui.runs.package.packing import pack_run

    contents = pack_run(run, path, data=bool(arguments.with_data))
    data = ", with its data" if contents.has_data else ""
    return f"the run in {contents.words}{data}; aegui {path.name} opens it, aegui unpack makes a folder of it"


EXPORTS: dict[str, Export] = {
    "codes": Export(
        "codes.csv",
        "codes with split, label and MSEᵢ of every sample, as .csv, .npz or .parquet",
        _codes,
        ("input",),
    ),
    "figures": Export(
        "figures", "loss, test samples and codes as PNG at 300 dpi, SVG and PDF, in a folder", _figures
    ),
    "onnx": Export("model.onnx", "the network for other programs, checked with onnxruntime", _onnx),
    "script": Export(
        "script", "a PyTorch script that repeats the run without this program, in a folder", _script
    ),
    "report": Export("report.html", "one page with figures, formula, metrics and settings", _report),
    "package": Export(
        "run.aegui",
        "the whole run in one file, to be opened on another machine",
        _package,
        ("with_data",),
    ),
}
