#!/usr/bin/python3
"""1,000 random expressions of one variable under a Gaussian: our proofs against Arb's acb_calc_integrate, both rigorous, in one run.

Needs Debian's gcc and libflint-arb-dev. From the root of the repository:

    dotnet build benchmarks -c Release
    /usr/bin/python3 benchmarks/Arb/compare.py

The integrands are written as C (integrands.py), compiled with integrate.c and integrated at 64 bits to 2^-53 of the value; ours have the
bound that `symeft expect` prints. Each side runs alone, warm, in turns, three rounds; a time is the median of an expression's three.
Every pair of intervals has to meet. The table goes into README.md, between the lines that name this script.
"""
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
from fractions import Fraction

import integrands

ROUNDS = 3
HERE = pathlib.Path(__file__).parent
PROGRAM = HERE.parent / "bin" / "Release" / "net10.0" / "SymbolicEft.Benchmarks.dll"
EXPRESSIONS = HERE.parent.parent / "tests" / "Numeric.Tests" / "Expectations" / "Proofs" / "proven_expectations.txt"


def rows(command):
    """Middle, radius and seconds of every expression, in order."""
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split() for line in output.splitlines()]


def quantiles(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 9 // 10], ordered[-1]


def time(seconds):
    return f"{seconds * 1e3:.0f} ms" if seconds >= 1e-2 else f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} us"


def main():
    lines = [line.rstrip("\n").split("|") for line in open(EXPRESSIONS)]
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder) / "integrands.c", pathlib.Path(folder) / "integrate"
        source.write_text(integrands.write([(text, variance) for text, variance, _ in lines]))
        subprocess.run(["gcc", "-O2", "-o", binary, "-I", folder, HERE / "integrate.c", "-lflint-arb", "-lflint", "-lm"], check=True)
        ours_times, arb_times = [], []
        for _ in range(ROUNDS):
            arb = rows([binary])
            ours = rows(["dotnet", PROGRAM, "proofs", EXPRESSIONS])
            arb_times.append([float(row[2]) for row in arb])
            ours_times.append([float(row[2]) for row in ours])

    apart, open_here, open_there, widths = [], 0, 0, []
    for (text, variance, value), (middle, radius, _), (other, other_radius, _) in zip(lines, ours, arb):
        if middle == "nan":
            open_here += 1
        elif other == "nan" or "inf" in other_radius:
            open_there += 1
        else:
            if abs(Fraction(middle) - Fraction(other)) > Fraction(radius) + Fraction(other_radius):
                apart.append(f"{text} at K = {variance}: {middle} +- {radius} here, {other} +- {other_radius} by Arb, {value} by mpmath")
            size = max(abs(float(middle)), 1e-300)
            widths.append((float(radius) / size, float(other_radius) / size))
    print("\n".join(apart) or f"All {len(widths)} pairs of intervals meet.")

    ours = [statistics.median(times) for times in zip(*ours_times)]
    theirs = [statistics.median(times) for times in zip(*arb_times)]
    table = ["| | median | 90 % below | longest | median bound, of the value | not proved |", "|---|---|---|---|---|---|"]
    for name, times, at, left in (("symeft", ours, 0, open_here), ("Arb", theirs, 1, open_there)):
        middle, most, longest = quantiles(times)
        table.append(f"| {name} | {time(middle)} | {time(most)} | {time(longest)} | {statistics.median(width[at] for width in widths):.1e} | {left} |")
    middle, most, longest = quantiles([there / here for here, there in zip(ours, theirs)])
    table.append(f"| Arb's time over ours | {middle:.1f} | {most:.1f} | {longest:.0f} | | |")
    text = f"{len(widths)} of {len(lines)} expressions were proved by both; {len(widths) - len(apart)} pairs of intervals meet, {len(apart)} do not.\n\n" + "\n".join(table)
    print(text)
    page = HERE.parent / "README.md"
    page.write_text(re.sub(r"(<!-- written by Arb/compare.py -->\n).*?(<!-- end -->)", lambda found: found[1] + text + "\n" + found[2], page.read_text(), flags=re.S))
    sys.exit(1 if apart else 0)


if __name__ == "__main__":
    main()
