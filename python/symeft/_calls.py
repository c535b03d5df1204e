"""One function a command. What a specification can say, a keyword says: ``weight_variance=2`` is ``--weight-variance 2``; any file of a specification may come first."""

from __future__ import annotations

import json
import os
from typing import Any, Iterable, Mapping, Optional, Sequence, Union

from ._command import SymeftError, document, run
from ._results import Comparison, Expectation, Result, hdf5

Value = Union[str, float, int, bool, Sequence[Any]]
Path = Union[str, "os.PathLike[str]"]


def _flags(values: Mapping[str, Optional[Value]]) -> list[str]:
    words: list[str] = []
    for name, value in values.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif value is not False and value is not None:
            words += [flag, _text(value)]
    return words


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return float.__repr__(value)  # a float of NumPy says its type as well
    if isinstance(value, int):
        return repr(value)
    return json.dumps(_plain(value))


def _plain(value: Any) -> Any:
    # Arrays of NumPy say themselves as lists.
    if hasattr(value, "tolist"):
        return value.tolist()
    return [_plain(each) for each in value] if isinstance(value, Iterable) and not isinstance(value, str) else value


def _words(name: str, specification: Optional[Path], values: Mapping[str, Optional[Value]]) -> list[str]:
    return [name, *([os.fspath(specification)] if specification is not None else []), *_flags(values)]


def solve(specification: Optional[Path] = None, **values: Optional[Value]) -> Result:
    """Integrates the derived equations.

    Args:
        specification: a YAML file; keywords win over it.
        values: what the flags of the command say, such as ``closure="hermite(20)"``, ``kernel=[[2, .6], [.6, 2]]``, ``ntk=True``.

    Raises:
        SymeftError: a value is wrong, or the solution cannot be trusted.
    """
    return Result(document(_words("solve", specification, values)))


def read(path: Path) -> Result:
    """Reads a file that ``symeft solve`` or ``symeft simulate`` wrote: the JSON of ``--format json``, or HDF5, which needs h5py.

    Raises:
        SymeftError: it is neither, or a comparison.
    """
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            start = file.read(8)
        if start == b"\x89HDF\r\n\x1a\n":
            found = hdf5(name)
        else:
            with open(name, encoding="utf-8") as text:
                found = json.load(text)
    except (OSError, ValueError) as problem:
        raise SymeftError(f"{name} cannot be read ({problem}); give a file of symeft solve or simulate, with --format json or hdf5", 2) from problem
    if not isinstance(found, dict) or not {"pairs", "layers", "times"} <= found.keys():
        raise SymeftError(f"{name} is no solution and no simulation; give a file of symeft solve or simulate, with --format json or hdf5", 2)
    return Result(found)


def simulate(specification: Optional[Path] = None, **values: Optional[Value]) -> Result:
    """Simulates networks; the result has standard errors."""
    return Result(document(_words("simulate", specification, values)))


def compare(measured: Path, specification: Optional[Path] = None, **values: Optional[Value]) -> Comparison:
    """Puts measured kernels beside the theory: a CSV file of networks or of numbers."""
    words = _words("compare", specification, values)
    return Comparison(document([words[0], os.fspath(measured), *words[1:]]))


def expect(expression: str, kernel: Value, quadrature: str = "certified") -> Expectation:
    """A Gaussian expectation of an expression in x, y, z, w with the covariance ``kernel``."""
    found = document(["expect", expression, "--kernel", _text(kernel), "--quadrature", quadrature])
    return Expectation(found["value"], found["errorBound"], found["method"], found["closedForm"])


def derive(specification: Optional[Path] = None, to: str = "markdown", **values: Optional[Value]) -> str:
    """The derivation as a text: markdown, latex, csharp or python."""
    return run([*_words("derive", specification, values), "--to", to])
