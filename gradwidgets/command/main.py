"""The command `gradwidgets`."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import gradwidgets
from gradwidgets.command import doctor, notebook_files, restoring, work

COURSE = "gradwidgets-course"
PLAYGROUND = "playground.ipynb"  # as the card in JupyterLab's launcher calls it
MARKS = {doctor.GOOD: "✓", doctor.NOTE: "!", doctor.WRONG: "✗"}
PLAIN_MARKS = {doctor.GOOD: "ok", doctor.NOTE: "!", doctor.WRONG: "X"}
ABOUT = """\
See backpropagation happen.

gradwidgets                    open the playground in JupyterLab
gradwidgets course [FOLDER]    copy the lessons of the course
gradwidgets doctor             say what is wrong on this machine, and how to mend it
gradwidgets restore FILE       bring saved work back
"""
AFTER = """\
What stands after "--" goes to JupyterLab as it is: gradwidgets -- --ServerApp.open_browser=False
"""
COMMANDS = ("course", "doctor", "restore")
WITH_VALUE = ("--port", "--ip")  # options for JupyterLab that are taken without the "--", too


class Refusal(Exception):
    """The command cannot be carried out; the message says why, and what to do."""

    exit_code = 1


class Misread(Refusal):
    """The command line is none that there is; the message says what was meant, perhaps."""

    exit_code = 2


class _Parser(argparse.ArgumentParser):
    """Reads a command line; what cannot be read is a sentence, and no list of the options."""

    def error(self, message: str) -> NoReturn:
        raise Misread(f"{message}. {self.prog} --help says what there is.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console may lack a letter of a file's name
    given = list(sys.argv[1:] if arguments is None else arguments)
    cut = given.index("--") if "--" in given else len(given)
    given, for_jupyterlab = given[:cut], given[cut + 1 :]
    try:
        told = _read(given)
        code: int = told.command(told, [*_for_jupyterlab(told), *for_jupyterlab])
        return code
    except Refusal as error:
        print(f"gradwidgets: {error}", file=sys.stderr)
        return error.exit_code
    except (work.WorkError, FileNotFoundError) as error:
        print(f"gradwidgets: {error}", file=sys.stderr)
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        print(f"gradwidgets: {what}{error.strerror or error}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("gradwidgets: interrupted.", file=sys.stderr)
    return 1


def _read(given: list[str]) -> argparse.Namespace:
    """Return what a command line asks for.

    Raises
    ------
    Misread
        For a command or an option that there is not; the message says which one is close.
    """
    parser, commands = _parser()
    place = _place_of_command(given, parser)
    if place is not None and given[place] == "playground":  # what it does without a command
        return _read(given[:place] + given[place + 1 :])
    if place is not None:
        command = commands[given[place]]
        for word in given[place + 1 :]:
            _check_option(word, command)
    told, left = parser.parse_known_args(given)
    if left:
        raise Misread(f'"{left[0]}" is too much. gradwidgets --help says what there is.')
    return told


def _place_of_command(given: list[str], parser: argparse.ArgumentParser) -> int | None:
    """Return where the command stands: the first word that is no option, nor the value of one."""
    is_value = False
    for place, word in enumerate(given):
        if is_value or word.startswith("-"):
            is_value = word in WITH_VALUE
            _check_option(word, parser)
        elif word in (*COMMANDS, "playground"):
            return place
        else:
            close = get_close_matches(word, COMMANDS, n=1)
            raise Misread(f'there is no command "{word}"; did you mean '
                          f"{close[0] if close else ', '.join(COMMANDS)}? Without a command, "
                          "gradwidgets opens the playground.")
    return None


def _check_option(word: str, parser: argparse.ArgumentParser) -> None:
    """Raise if a word looks like an option, and is none of those that a command has."""
    name = word.partition("=")[0]
    options = re.findall(r"^  (?:-h, )?(--[\w-]+)", parser.format_help(), re.MULTILINE)
    if not word.startswith("-") or name in ("-h", *options):
        return
    close = get_close_matches(name, options, n=1)
    if close:
        raise Misread(f"there is no option {name}; did you mean {close[0]}?")
    further = ""
    if "--port" in options:
        further = (" Any other option for JupyterLab stands after a --, as in: gradwidgets -- "
                   f"{_quoted(word)}")
    raise Misread(f"there is no option {name}. There are {', '.join(options)}.{further}")


def _parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return what reads a command line, and what reads the rest of it for each command."""
    parser = _Parser(
        prog="gradwidgets", description=ABOUT, epilog=AFTER, usage="gradwidgets [COMMAND] [OPTIONS]",
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"gradwidgets "
                        f"{gradwidgets.__version__}")
    _add_options_for_jupyterlab(parser)
    parser.set_defaults(command=_playground)
    commands = parser.add_subparsers(title="commands", metavar="", prog=parser.prog)

    course = commands.add_parser("course", help="copy the lessons of the course into a folder",
                                 description="Copy the lessons of the course into a folder. A file "
                                 "that is there already is never written over.", allow_abbrev=False)
    course.add_argument("folder", nargs="?", default=COURSE, metavar="FOLDER",
                        help=f"where to; by default {COURSE}, in the current folder")
    course.add_argument("--open", action="store_true",
                        help="then open the first lesson in JupyterLab")
    _add_options_for_jupyterlab(course)
    course.set_defaults(command=_course)

    examine = commands.add_parser("doctor", help="say what is wrong, and how to mend it",
                                  description="Try all that gradwidgets needs, and say what is "
                                  "wrong and how to mend it. The exit code is 1 when something is "
                                  "wrong.", allow_abbrev=False)
    examine.add_argument("--json", action="store_true", help="print the findings as JSON")
    examine.add_argument("--seconds", type=float, default=90.0, metavar="N",
                         help="the longest to wait for JupyterLab and a kernel (default: 90)")
    examine.set_defaults(command=_doctor)

    restore = commands.add_parser("restore", help="bring saved work back",
                                  description="Bring work back that \"Save my work\" has saved. A "
                                  "file that is there already is never written over.",
                                  allow_abbrev=False)
    restore.add_argument("file", metavar="FILE", help="the saved work: gradwidgets-work-….zip")
    restore.add_argument("--into", default=".", metavar="FOLDER",
                         help="where to; by default the current folder")
    restore.set_defaults(command=_restore)
    return parser, dict(commands.choices)


def _add_options_for_jupyterlab(parser: argparse.ArgumentParser) -> None:
    """Add what people give JupyterLab most; all else goes after a --."""
    # no defaults: those of a command would undo what stands before it
    parser.add_argument("--no-browser", action="store_true", default=argparse.SUPPRESS,
                        help="print the address that opens it, and open no browser")
    parser.add_argument("--port", type=int, metavar="N", default=argparse.SUPPRESS,
                        help="JupyterLab's port")
    parser.add_argument("--ip", metavar="ADDRESS", default=argparse.SUPPRESS,
                        help="the address at which JupyterLab listens")


def _for_jupyterlab(told: argparse.Namespace) -> list[str]:
    """Return the options that were given for JupyterLab, as it reads them."""
    options = ["--no-browser"] if "no_browser" in told else []
    return options + [f"--{name}={getattr(told, name)}" for name in ("port", "ip") if name in told]


def _playground(_told: argparse.Namespace, for_jupyterlab: list[str]) -> int:
    _need_jupyterlab()
    source = notebook_files.playground()
    path = Path(PLAYGROUND)
    outcome = _put(path, source)
    if outcome == "written":
        print(f"{path} is now in this folder: it is yours, and will not be written over.")
    elif outcome == "different":
        print(f"Opening {path} of this folder as you left it.")
    return _open(path, [*_and_run(), *for_jupyterlab])


def _course(told: argparse.Namespace, for_jupyterlab: list[str]) -> int:
    if told.open:
        _need_jupyterlab()
    elif for_jupyterlab:
        raise Refusal("Options for JupyterLab go with --open.")
    folder = Path(told.folder).expanduser()
    lessons = notebook_files.lessons()
    found: dict[str, list[str]] = {"written": [], "same": [], "different": []}
    for source in (notebook_files.playground(), *(lesson.path for lesson in lessons)):
        found[_put(folder / source.name, source)].append(source.name)
    _say(found["written"], "Copied to {folder}:", folder)
    _say(found["same"], "Already in {folder}, unchanged:", folder)
    _say(found["different"], "Kept as they are in {folder}, since you have worked on them:", folder)
    first = folder / lessons[0].path.name
    if told.open:
        return _open(first, for_jupyterlab)
    again = "" if told.folder == COURSE else f" {_quoted(told.folder)}"
    print(f"\nTo begin:\n    {_own_name()} course{again} --open")
    print(f"or open {first} in a JupyterLab that runs.")
    return 0


def _doctor(told: argparse.Namespace, _for_jupyterlab: list[str]) -> int:
    try:
        here = Path.cwd()
    except OSError:  # the doctor will say so
        here = Path()
    findings = doctor.findings(here, told.seconds)
    if told.json:
        all_of_it = list(findings)
        wrong = [one for one in all_of_it if one.state == doctor.WRONG]
        print(json.dumps({
            "gradwidgets": gradwidgets.__version__, "python": sys.executable, "folder": str(here),
            "good": not wrong, "findings": [vars(one) for one in all_of_it],
        }, indent=1))  # fmt: skip
        return 1 if wrong else 0
    marks = MARKS if _can_print("".join(MARKS.values())) else PLAIN_MARKS
    print(f"gradwidgets {gradwidgets.__version__}")
    states = []
    for one in findings:
        states.append(one.state)
        print(f"{marks[one.state]} {one.says}", flush=True)
        if one.mend:
            print(f"    To mend it: {one.mend}", flush=True)
    troubles, notes = states.count(doctor.WRONG), states.count(doctor.NOTE)
    if troubles:
        print(f"\n{troubles} thing{'s are' if troubles > 1 else ' is'} wrong. Mend the first, and "
              f"run {_own_name()} doctor again.")
    elif notes:
        print("\nAll works; what is marked with ! could be better.")
    else:
        print("\nAll is well.")
    return 1 if troubles else 0


def _restore(told: argparse.Namespace, _for_jupyterlab: list[str]) -> int:
    file, folder = Path(told.file).expanduser(), Path(told.into).expanduser()
    work.existing(file)
    if file.is_dir():
        raise Refusal(f"{file} is a folder. Give the file that \"Save my work\" has saved: "
                      "gradwidgets-work-….zip.")
    if not file.exists():
        raise Refusal(f"There is no file {file}.")
    if not file.is_file():
        raise Refusal(f"{file} is no ordinary file.")
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"{folder} is a file, and no folder. Nothing was written.")
    if file.stat().st_size > work.MOST_TOTAL:
        raise Refusal(f"{file} is too large to be saved work.")
    done = restoring.Restored()
    try:
        restoring.restore(file.read_bytes(), folder, done)
    except KeyboardInterrupt:
        _say_what_was_restored(done, folder)
        print("All else was not restored.")
        raise
    _say_what_was_restored(done, folder)
    return 1 if done.failed else 0


def _say_what_was_restored(done: restoring.Restored, folder: Path) -> None:
    _say(done.written, "Restored to {folder}:", folder)
    _say(done.same, "Already in {folder}, the same:", folder)
    beside = [f"{name} as {given}" for name, given in done.beside.items()]
    _say(beside, "In {folder} there are others of that name, which are kept. Restored beside them:",
         folder)
    _say(done.left_out, "Left out, since they are no notebooks:", folder)
    for reason in dict.fromkeys(done.failed.values()):
        names = [name for name, why in done.failed.items() if why == reason]
        _say(names, f"Not restored to {{folder}} ({reason}):", folder)
    if done.progress:
        print(done.progress)


def _say(names: list[str], heading: str, folder: Path) -> None:
    if names:
        place = "this folder" if folder == Path() else str(folder)
        print("\n  ".join([heading.format(folder=place), *names]))


def _put(path: Path, source: Path) -> str:
    try:
        return restoring.put(work.existing(path), source.read_bytes())
    except OSError as error:
        raise Refusal(
            f"{path.absolute()} cannot be written: {error.strerror or error}. Go to a folder of "
            "your own, and try again there."
        ) from error


def _need_jupyterlab() -> None:
    try:
        there = find_spec("jupyterlab") is not None
    except ImportError:
        there = False
    if not there:
        raise Refusal(
            "JupyterLab is not installed for this Python. Install it with:\n    "
            + doctor.install(f"jupyterlab>={doctor.oldest('jupyterlab') or '4.2'}")
        )


def _and_run() -> list[str]:
    """Return the option by which our extension runs the notebook that JupyterLab opens.

    It goes by way of the page's settings. The address would do as well, but the server prints one
    that cannot be copied when its own address has a query already.
    """
    link = f"gradwidgets=playground&started={time.time_ns()}"  # so that a reload runs nothing
    settings = {"page_config_data": {"gradwidgetsOpens": link}}
    return [f"--ServerApp.tornado_settings={settings}"]


def _open(path: Path, options: list[str]) -> int:
    """Start JupyterLab with a notebook open; it ends with Ctrl+C."""
    folder = path.parent
    # -P: what lies in the folder is not JupyterLab, whatever its name. Without a browser JupyterLab
    # prints its usual address, so that has to be the notebook's.
    command = [sys.executable, "-P", "-m", "jupyterlab", path.name]
    command += [f"--LabApp.default_url=/lab/tree/{quote(path.name)}", *options]
    sys.stdout.flush()
    if os.name != "nt":  # so that signals go straight to JupyterLab
        os.chdir(folder)
        os.execv(sys.executable, command)
    try:
        return subprocess.call(command, cwd=folder)
    except KeyboardInterrupt:
        return 0


def _own_name() -> str:
    """Return how this command can be called again from the same place."""
    given = sys.argv[0]
    if Path(given).stem == "__main__":
        return f"{_quoted(sys.executable)} -m gradwidgets"
    return _quoted(given) if os.sep in given else "gradwidgets"


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
