"""Where the command is, and how it is run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
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


def command() -> list[str]:
    """The words that start the command.

    The environment variable SYMEFT names it: a program, or the file symeft.dll, which dotnet runs. Without it ``symeft`` is looked for on the path.
    """
    given = os.environ.get("SYMEFT")
    if given:
        return ["dotnet", given] if given.endswith(".dll") else [given]
    found = shutil.which("symeft")
    if found:
        return [found]
    raise SymeftError("symeft is not on the path; install the tool, or let SYMEFT name the program or symeft.dll", 2)


def run(arguments: Sequence[str]) -> str:
    """Runs the command; its standard output.

    Raises:
        SymeftError: it ended with another code than 0; the message is the command's sentence.
    """
    done = subprocess.run([*command(), *arguments], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        sentences = [line for line in done.stderr.splitlines() if line.startswith("symeft: ")]
        raise SymeftError(sentences[-1].removeprefix("symeft: ") if sentences else done.stderr.strip(), done.returncode, done.stdout)
    return done.stdout


def document(arguments: Sequence[str]) -> Any:
    """Runs the command with ``--format json``; the document."""
    return json.loads(run([*arguments, "--format", "json"]))
