#!/usr/bin/env python3
"""CPU time of whole solutions, with the start of the process, and of the generated programs beside `solve` of the same specification.

usage: measure.py symeft.dll [rounds, 5]

Prints a table: medians of user and system time in seconds, in turns, and the goal of each where there is one.
"""
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile

FOUR = [[2, .6, .5, .4], [.6, 2, .3, .2], [.5, .3, 2, .1], [.4, .2, .1, 2]]
PAPER = ["--activation", "tanh(x)", "--weight-variance", "2", "--step", "0.05"]
BLOCKS = "[{repeat: {count: 800, of: [{residual: {step: 0.05, branch: [{rmsNorm: {}}, {dense: {weightVariance: 2}}, {activation: tanh}, {dense: {weightVariance: 2}}]}}]}}]"


def sixteen():
    random.seed(1)
    points = [[random.gauss(0, 1) for _ in range(32)] for _ in range(16)]
    return [[sum(a * b for a, b in zip(x, y)) / 32 for y in points] for x in points]


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def program(folder, name, specification):
    """A generated program, built; its command."""
    os.makedirs(os.path.join(folder, name))
    with open(os.path.splitext(specification)[0] + ".cs") as source, open(os.path.join(folder, name, "Program.cs"), "w") as copy:
        copy.write(source.read())
    with open(os.path.join(folder, name, name + ".csproj"), "w") as project:
        project.write("<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>\n")
    subprocess.run(["dotnet", "build", "-c", "Release", "-v", "quiet", "-o", os.path.join(folder, name, "out"), os.path.join(folder, name)], check=True, stdout=subprocess.DEVNULL)
    return ["dotnet", os.path.join(folder, name, "out", name + ".dll")]


def main(symeft, rounds=5):
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    solve = ["dotnet", symeft, "solve", "--format", "json"]
    with tempfile.TemporaryDirectory() as folder:
        layers = os.path.join(folder, "blocks.yaml")
        with open(layers, "w") as file:
            file.write(BLOCKS)
        four, one = ["--kernel", json.dumps(FOUR)], ["--kernel", "[[2]]"]
        cases = [
            ("hermite(20), N = 4, L = 800", .7, [*solve, *PAPER, *four, "--depth", "800", "--closure", "hermite(20)"]),
            ("sigma-kernel, N = 4, L = 800", 2, [*solve, *PAPER, *four, "--depth", "800", "--closure", "sigma-kernel"]),
            ("hermite(8), N = 16, L = 100", 3, [*solve, *PAPER, "--kernel", json.dumps(sixteen()), "--depth", "100", "--closure", "hermite(8)"]),
            ("800 pre-norm blocks of two layers, hermite(20), N = 4", 3, [*solve, "--layers", layers, *four, "--closure", "hermite(20)"]),
            ("hermite(20) with ntk, N = 4, L = 100", 2, [*solve, *PAPER, *four, "--depth", "100", "--closure", "hermite(20)", "--ntk"]),
            ("hermite(80), order 1, N = 1, L = 800", .5, [*solve, *PAPER, *one, "--depth", "800", "--closure", "hermite(80)", "--order", "1"]),
            ("hermite(40), order 2, N = 1, L = 100", None, [*solve, *PAPER, *one, "--depth", "100", "--closure", "hermite(40)", "--order", "2"]),
            ("hermite(12), order 1, N = 4, L = 100", 10, [*solve, *PAPER, *four, "--depth", "100", "--closure", "hermite(12)", "--order", "1"]),
        ]
        for name in ("hermite", "sigma-kernel"):
            specification = os.path.join(root, "derivations", name, name + ".yaml")
            cases.append((f"`derivations/{name}`, solve", None, [*solve, specification]))
            cases.append((f"the same by `{name}.cs`, built", None, program(folder, name.replace("-", ""), specification)))
        times = {what: [] for what, _, _ in cases}
        for _ in range(rounds):
            for what, _, command in cases:
                times[what].append(cpu(command))
    print("| what | CPU, seconds | goal |\n|---|---|---|")
    for what, goal, _ in cases:
        print(f"| {what} | {statistics.median(times[what]):.2f} | {goal or ''} |")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), *(int(number) for number in sys.argv[2:3]))
