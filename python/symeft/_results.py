"""Documents of the command as values with names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator, Optional, Tuple

Pair = Tuple[int, int]


@dataclass(frozen=True)
class Expectation:
    """A Gaussian expectation.

    Attributes:
        value: its value.
        error_bound: what it is off by at most; with the method ``estimate`` an estimate.
        method: closed-form, quadrature, estimate or gauss-hermite(m).
        closed_form: the exact expression, where there is one.
    """

    value: float
    error_bound: Optional[float]
    method: str
    closed_form: Optional[str]


@dataclass(frozen=True)
class Result:
    """What ``solve`` or ``simulate`` found: tensors over the recorded layers and pairs of inputs.

    Attributes:
        document: the whole JSON document.
        width: n of a simulation; None for a solution.
    """

    document: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.document.get('label', 'result')}: {', '.join(self.names)} at {len(self.layers)} layers, 0 to {self.layers[-1]}"

    __repr__ = __str__

    @property
    def names(self) -> list[str]:
        """The tensors over layers and pairs that there are, such as K0, V4, K1, U1."""
        return [name for name, value in self.document.items() if self._is_tensor(value)]

    @property
    def width(self) -> Optional[int]:
        return self.document.get("width")

    @property
    def pairs(self) -> list[Pair]:
        """The pairs (a, b) of inputs, in the order of every tensor."""
        return [(a, b) for a, b in self.document["pairs"]]

    @property
    def layers(self) -> list[int]:
        """The recorded layers."""
        return list(self.document["layers"])

    @property
    def times(self) -> list[float]:
        """Depth time t = eps^2 l at the recorded layers."""
        return list(self.document["times"])

    @property
    def is_proved(self) -> bool:
        """Whether every Gaussian expectation that the numbers rest on has a proved bound."""
        return self.document.get("proof") == "proved"

    def __getitem__(self, name: str) -> Any:
        """A tensor by its name in the document: K0, V4, K1, U1, G, V6, Theta0, ...; a list over records."""
        return self.document[name]

    def __contains__(self, name: str) -> bool:
        return name in self.document

    def at(self, name: str, pair: Pair = (0, 0), *more: Pair, record: int = -1) -> float:
        """One component.

        Args:
            name: the tensor.
            pair: its first pair of inputs.
            more: its further pairs; a tensor of two pairs takes the first again if none is given.
            record: which record; the last layer by default.
        """
        return self._find(self._record(self.document, name, record), pair, more)

    def error(self, name: str, pair: Pair = (0, 0), *more: Pair, record: int = -1) -> float:
        """The standard error of one component of a simulation."""
        return self._find(self._record(self.document.get("standardErrors", {}), name, record), pair, more)

    def array(self, name: str) -> Any:
        """A tensor as a NumPy array, records first."""
        import numpy

        return numpy.array(self.document[name], dtype=float)

    def numbers(self) -> Iterator[dict[str, Any]]:
        """Every number, one a row: quantity, layer, time, pairs, value, and standard_error of a simulation."""
        errors = self.document.get("standardErrors", {})
        for name in self.names:
            for record, values in enumerate(self.document[name]):
                for places, value in _leaves(values):
                    row = {"quantity": name, "layer": self.layers[record], "time": self.times[record], "pairs": tuple(self.pairs[place] for place in places), "value": value}
                    if name in errors:
                        row["standard_error"] = _take(errors[name][record], places)
                    yield row

    def to_pandas(self) -> Any:
        """Every number as a row of a pandas.DataFrame."""
        import pandas

        return pandas.DataFrame(list(self.numbers()))

    def to_xarray(self) -> Any:
        """The tensors as an xarray.Dataset with the coordinates layer, time and pair (pair2, pair3 for further ones)."""
        import numpy
        import xarray

        variables = {}
        for name in self.names:
            array = self.array(name)
            variables[name] = (["layer"] + ["pair" if axis == 0 else f"pair{axis + 1}" for axis in range(array.ndim - 1)], array)
        labels = [f"{a}{b}" if max(a, b) < 10 else f"{a},{b}" for a, b in self.pairs]
        depth = max((len(dimensions) for dimensions, _ in variables.values()), default=1) - 1
        coordinates = {"layer": self.layers, "time": ("layer", self.times), **{("pair" if axis == 0 else f"pair{axis + 1}"): labels for axis in range(depth)}}
        return xarray.Dataset(variables, coords=coordinates)

    def _is_tensor(self, value: Any) -> bool:
        count = len(self.pairs)
        return isinstance(value, list) and len(value) == len(self.layers) and all(isinstance(record, list) and len(record) == count for record in value)

    def _record(self, tensors: dict[str, Any], name: str, record: int) -> Any:
        if not self._is_tensor(tensors.get(name)):
            known = [each for each in tensors if self._is_tensor(tensors[each])]
            raise KeyError(f"there is no {name}; there is {', '.join(known)}" if known else f"there is no error of {name}; a solution has none")
        if not -len(self.layers) <= record < len(self.layers):
            raise IndexError(f"there is no record {record}; there are {len(self.layers)}, of the layers {self.layers}")
        return tensors[name][record]

    def _find(self, values: Any, pair: Pair, more: tuple[Pair, ...]) -> float:
        places = [self._place(each) for each in (pair, *more)]
        for place in places:
            if not isinstance(values, list):
                raise KeyError(f"the tensor has fewer than {len(places)} pairs of inputs; leave one out")
            values = values[place]
        while isinstance(values, list):
            values = values[places[0]]
        return float("nan") if values is None else float(values)

    def _place(self, pair: Pair) -> int:
        ordered = (min(pair), max(pair))
        if ordered not in self.pairs:
            raise KeyError(f"there is no pair {pair} of inputs; there are {self.pairs}")
        return self.pairs.index(ordered)


@dataclass(frozen=True)
class Comparison:
    """Measured kernels beside the theory.

    Attributes:
        document: the whole JSON document.
    """

    document: dict[str, Any]

    @property
    def numbers(self) -> list[dict[str, Any]]:
        """For every number quantity, layer, pair, second, value, standardError, theory, z."""
        return list(self.document["numbers"])

    @property
    def largest_z(self) -> float:
        """The z-score of the largest size."""
        return max((number["z"] for number in self.numbers if "z" in number), key=abs, default=0.0)


def _leaves(values: Any, places: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], float]]:
    for place, value in enumerate(values):
        if isinstance(value, list):
            yield from _leaves(value, (*places, place))
        else:
            yield (*places, place), float("nan") if value is None else value


def _take(values: Any, places: tuple[int, ...]) -> float:
    for place in places:
        values = values[place]
    return float("nan") if values is None else float(values)


def hdf5(path: str) -> dict[str, Any]:
    """The document that a file of ``--format hdf5`` holds."""
    import h5py

    def read(group: Any) -> dict[str, Any]:
        found = {name: read(value) if isinstance(value, h5py.Group) else value[()].tolist() for name, value in group.items()}
        return {**found, **{name: value.tolist() if hasattr(value, "tolist") else value for name, value in group.attrs.items()}}

    with h5py.File(path) as file:
        return read(file)
