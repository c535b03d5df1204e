"""Where the command is, and how it is run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import warnings
from typing import Any, Sequence


class SymeftError(RuntimeError):
    """The command refused its input (code 2) or could not finish (code 1).

    Attributes:
        code: the exit code.
        output: what was finished, as the command printed it; empty where the input was refused.
    """

    def __init__(self, message: str, code: int, output: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.output = output


class SymeftWarning(UserWarning):
    """What the command says beside numbers that it gives, such as error bars that rest on a few networks."""


def command() -> list[str]:
    """The words that start the command.

    The environment variable SYMEFT names it: a program, or the file symeft.dll, which dotnet runs. Without it ``symeft`` is looked for on the path.
    """
    given = os.environ.get("SYMEFT")
    if given:
        if shutil.which(given) is None and not os.path.isfile(given):
            raise SymeftError(f"SYMEFT is {given}, which is no program and no file; let it name the program or symeft.dll", 2)
        return ["dotnet", given] if given.endswith(".dll") else [given]
    found = shutil.which("symeft")
    if found:
        return [found]
    raise SymeftError("symeft is not on the path; install the tool, or let SYMEFT name the program or symeft.dll", 2)


def run(arguments: Sequence[str]) -> str:
    """Runs the command; its standard output. What it says beside it is a SymeftWarning.

    Raises:
        SymeftError: it ended with another code than 0; the message is the command's sentence.
    """
    done = subprocess.run([*command(), *arguments], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False)
    sentences = [line.removeprefix("symeft: ") for line in done.stderr.splitlines() if line.startswith("symeft: ")]
    if done.returncode != 0:
        raise SymeftError(sentences[-1] if sentences else done.stderr.strip(), done.returncode, done.stdout)
    _warn(sentences, 3)
    return done.stdout


def document(arguments: Sequence[str]) -> Any:
    """Runs the command with ``--format json``; the document, whose warnings are SymeftWarnings."""
    found = json.loads(run([*arguments, "--format", "json"]))
    _warn(found.get("warnings", []), 4)
    return found


def _warn(sentences: Sequence[str], level: int) -> None:
    for sentence in sentences:
        warnings.warn(sentence, SymeftWarning, stacklevel=level)
