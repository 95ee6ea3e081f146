"""The command ``aegui``, same as ``python -m aegui``: chooses between window and terminal."""

from __future__ import annotations

import sys
import traceback
from argparse import Namespace

from aegui.cli.arguments import parse
from aegui.cli.choice import chosen_experiment
from aegui.cli.display import loading_qt, someone_watches, why_no_window
from aegui.cli.output import drop_output, flush_output, output_is_lost, take_any_letter
from aegui.errors import AeguiError, OperationFailed, printable
from aegui.machine import prepare_for_window


def main(argv: list[str] | None = None) -> int:
    """Runs one call; returns its exit status: 0 done, 1 failed, 2 wrong input, 130 interrupted."""
    argv = sys.argv[1:] if argv is None else argv
    take_any_letter()
    try:
        return _answer(argv)
    except Exception as error:
        _write_to_log(error, "a fault of aegui")
        raise


def _answer(argv: list[str]) -> int:
    try:
        status = _run(parse(argv))
        flush_output()
        return status
    except AeguiError as error:
        if "--debug" in argv:
            traceback.print_exc()
        for line in error.lines:
            print(f"aegui: {printable(line)}", file=sys.stderr)
        if "--no-terminal" in argv or sys.stderr is None:  # as the menus and files of Windows start it
            _tell_in_dialog(error)
        if error.exit_status == OperationFailed.exit_status:
            _write_to_log(error, "a call failed")
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of a pipe has gone, as with `aegui presets | head -1`
        drop_output()
        return 1
    except (MemoryError, RuntimeError) as error:
        from aegui.training.failures import without_a_run

        told = without_a_run(error)
        if told is error:
            raise
        print(f"aegui: {told}", file=sys.stderr)
        return 1
    except OSError as error:
        if not output_is_lost():
            raise
        print(f"aegui: standard output cannot be written: {error.strerror or error}", file=sys.stderr)
        drop_output()
        return 1


def _tell_in_dialog(error: AeguiError) -> None:
    if someone_watches():
        from aegui.qt.refusal import tell_refusal

        tell_refusal([printable(line) for line in error.lines])


def _write_to_log(error: Exception, words: str) -> None:
    from aegui.log import write_failure  # takes as long as a small call

    write_failure(error, words)


def _run(arguments: Namespace) -> int:
    # Each branch imports what it needs: torch takes a second, Qt a fifth.
    match arguments.command:
        case "window":
            return _window(arguments)
        case "demo" if someone_watches():
            prepare_for_window()
            with loading_qt():
                from aegui.qt.app import run_demo
            return run_demo(arguments.epochs, arguments.out)
        case "demo":
            from aegui.cli.train import demo

            return demo(arguments)
        case "train":
            experiment = chosen_experiment(arguments.experiment, arguments.settings)
            from aegui.cli.train import train

            return train(experiment, arguments)
        case "sweep":
            experiment = chosen_experiment(arguments.experiment, arguments.settings)
            from aegui.cli.sweep import sweep

            return sweep(experiment, arguments)
        case "evaluate" if arguments.workspace:
            from aegui.cli.workspaces import evaluate_workspace

            return evaluate_workspace(arguments)
        case "evaluate":
            from aegui.cli.evaluate import evaluate

            return evaluate(arguments)
        case "export":
            from aegui.cli.export import export

            return export(arguments)
        case "unpack":
            from aegui.cli.unpack import unpack_file

            return unpack_file(arguments)
        case "compare":
            from aegui.cli.compare import compare_runs

            return compare_runs(arguments)
        case "presets":
            from aegui.cli.listing import list_presets

            return list_presets(arguments)
        case "schema":
            from aegui.cli.listing import print_schema

            return print_schema()
    from aegui.cli.data import data

    return data(arguments)


def _window(arguments: Namespace) -> int:
    if reason := why_no_window():
        raise OperationFailed(f"no window can open: {reason}; aegui train and aegui demo work without one")
    if arguments.file is not None and not arguments.new_window:
        from aegui.cli.opening import opened_elsewhere

        if opened_elsewhere(arguments.file):
            print(f"{printable(str(arguments.file))}: opened in the window that is there already")
            return 0
    prepare_for_window()
    with loading_qt():
        from aegui.qt.app import run_window
    return run_window(arguments.file)


if __name__ == "__main__":
    sys.exit(main())
