"""The effective field theory of wide networks, from Python.

Everything is computed by the command ``symeft``; this package hands a specification over and reads the JSON document that comes back. It needs the standard library alone;
NumPy, pandas and xarray are used where they are there and asked for.

>>> import symeft
>>> paper = dict(activation="tanh(x)", weight_variance=2, step=0.05, depth=800, kernel=[[2, 0.6], [0.6, 2]])
>>> theory = symeft.solve(**paper, closure="hermite(20)")          # doctest: +SKIP
>>> theory.at("V4", (0, 0), (0, 0))                                # doctest: +SKIP
"""

from ._command import SymeftError, SymeftWarning, command, run
from ._results import Comparison, Expectation, Result
from ._calls import compare, derive, expect, read, simulate, solve

__all__ = ["Comparison", "Expectation", "Result", "SymeftError", "SymeftWarning", "command", "compare", "derive", "expect", "read", "run", "simulate", "solve"]
__version__ = "1.0.0"
