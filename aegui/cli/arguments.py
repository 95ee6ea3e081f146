"""What may be typed behind ``aegui``."""

from __future__ import annotations

import argparse
import difflib
import os
from pathlib import Path
from typing import NoReturn

import aegui
from aegui.cli.export import EXPORTS
from aegui.errors import InvalidInput

WORKSPACES = ("reduction", "denoising", "anomalies", "features", "inside")
COMMANDS = ("demo", "train", "sweep", "evaluate", "export", "unpack", "compare", "data", "presets", "schema")


class _Parser(argparse.ArgumentParser):
    """Raises what argparse would print, so that all errors leave through one door."""

    def error(self, message: str) -> NoReturn:
        raise InvalidInput(f"{message} (see {self.prog} --help)")


def parse(argv: list[str]) -> argparse.Namespace:
    """The call as a namespace with ``command``; "window" where no command is named. Raises InvalidInput."""
    first = next((a for a in argv if not a.startswith("-")), None)
    if first in COMMANDS or (first is None and {"-h", "--help"} & set(argv)):
        return _commands().parse_args(argv)
    return _window(argv, first)


def _window(argv: list[str], first: str | None) -> argparse.Namespace:
    parser = _Parser(prog="aegui", description="Opens the laboratory's window.", parents=[_common()])
    parser.add_argument("file", nargs="?", type=Path, help="experiment file or package (.aegui) to open")
    new = "open another window, where one is open that would take the file"
    parser.add_argument("--new-window", action="store_true", help=new)
    aloud = "tell in a dialog why it does not start, as the desktop's menus need it"
    parser.add_argument("--no-terminal", action="store_true", help=aloud)
    parser.set_defaults(command="window")
    arguments = parser.parse_args(argv)
    if first is not None and not os.path.exists(first):
        near = difflib.get_close_matches(first, COMMANDS, n=1)
        hint = f"; did you mean the command {near[0]}?" if near else ""
        raise InvalidInput(f"{first}: there is no such file{hint}")
    return arguments


def _common() -> _Parser:
    common = _Parser(add_help=False)
    common.add_argument("--version", action="version", version=f"aegui {aegui.__version__}")
    common.add_argument("--debug", action="store_true", help="show a traceback on errors")
    return common


def _commands() -> _Parser:
    common = _common()
    text = "An autoencoder laboratory. Without a command, opens its window: aegui [FILE] [--new-window]."
    parser = _Parser(prog="aegui", description=text, parents=[common])
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser, metavar="COMMAND")

    def command(name: str, text: str) -> _Parser:
        return commands.add_parser(name, help=text, description=text, parents=[_inherited()])

    _demo(command("demo", "Train on the bundled digits: in the window, or here where there is no display."))
    _train(command("train", "Train an experiment and write a run."))
    _sweep(command("sweep", "Train an experiment at several code sizes, against PCA."))
    _evaluate(command("evaluate", "Measure a run on its own test set or on other data."))
    _export(command("export", "Write a run, or a part of it, as a file for other programs."))
    _unpack(command("unpack", "Make a folder of a run or an experiment that somebody has packed."))
    _compare(command("compare", "Put runs side by side: the settings that differ, and the metrics."))
    presets = command("presets", "List the presets.")
    presets.add_argument("--json", action="store_true", help="print a JSON list")
    _data(command("data", "List data sets, fetch one, or check an experiment file or data of your own."))
    command("schema", "Print the JSON schema of experiment files, from which editors complete them.")
    return parser


def _inherited() -> _Parser:
    """A --debug behind a command; a default would overwrite one that stands before it."""
    parser = _Parser(add_help=False)
    parser.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return parser


def _demo(parser: _Parser) -> None:
    parser.add_argument(
        "--epochs", type=_positive, default=None, metavar="N", help="passes over the data (5)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for the run")


def _experiment(parser: _Parser) -> None:
    parser.add_argument("experiment", metavar="FILE-or-PRESET", help="experiment file, or a preset's name")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        dest="settings",
        help="change one setting, for instance --set code.size=32; may be given again",
    )


def _train(parser: _Parser) -> None:
    _experiment(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for the run, made if missing")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument("--json", action="store_true", help="one JSON line per epoch, the metrics last")


def _sweep(parser: _Parser) -> None:
    _experiment(parser)
    text = "code sizes, for instance 2,4,8 or 2-16"
    parser.add_argument("--sizes", required=True, metavar="SIZES", help=text)
    parser.add_argument("--json", action="store_true", help="one JSON line per code size")


def _evaluate(parser: _Parser) -> None:
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    text = "measure on this data set or file instead of the run's own"
    parser.add_argument("--data", metavar="SOURCE", help=text)
    parser.add_argument(
        "--workspace",
        choices=WORKSPACES,
        help="print what this tab of the window tells of the run, instead of its metrics",
    )
    parser.add_argument("--json", action="store_true", help="print the metrics as one JSON line")


def _export(parser: _Parser) -> None:
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    kinds = "; ".join(f"{name}: {kind.what} ({kind.file})" for name, kind in EXPORTS.items())
    parser.add_argument("--to", choices=tuple(EXPORTS), required=True, help=f"what to write. {kinds}")
    out = "file to write instead of the one in the run's folder; its suffix says the kind of file"
    parser.add_argument("--out", type=Path, metavar="PATH", help=out)
    seen = (
        "codes: what the encoder is given. clean, the default: the samples as they are, since a code is to "
        "stand for its sample; noisy: with the experiment's noise, as it was trained and as the window shows"
    )
    parser.add_argument("--input", choices=("clean", "noisy"), help=seen)
    data = "package: pack the files that the run reads as its data, where they are your own"
    parser.add_argument("--with-data", action="store_true", default=None, help=data)


def _unpack(parser: _Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.aegui", help="the package")
    out = (
        "folder to make; otherwise a new one: of runs in the runs folder, of experiments beside fetched data"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help=out)


def _compare(parser: _Parser) -> None:
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folder of a run; two or more")
    parser.add_argument("--json", action="store_true", help="print one JSON line")


def _data(parser: _Parser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, parser_class=_Parser, metavar="ACTION")

    def action(name: str, text: str) -> _Parser:
        added: _Parser = actions.add_parser(name, help=text, description=text, parents=[_inherited()])
        added.add_argument("--json", action="store_true", help="print JSON")
        return added

    action("list", "List the data sets that have a name.")
    check = action(
        "check", "Find every problem of an experiment file, or report on a file or folder of data."
    )
    check.add_argument("file", metavar="FILE", type=Path, help="experiment file, or data: a file or a folder")
    fetch = action("fetch", "Fetch a data set that is not built in; goes on where the last try stopped.")
    fetch.add_argument("name", metavar="NAME", help="name of the data set, see aegui data list")


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text}") from None
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number
