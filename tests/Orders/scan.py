#!/usr/bin/env python3
"""Random set-ups of one to three inputs: is a network of width 16 or 32 nearer to order 1 than to order 0?

usage: scan.py symeft.dll [set-ups, 30] [networks, 100000] [kinked]

For V4 and K1, over all components at the last layer, the sum of squares of the distances of the simulation from both orders, in standard errors. An exception is
a set-up that is farther from order 1 by more than chance, two standard deviations of such a sum; what is left of order 1 at a small width is of the next order.
Exit code 1 where there is one.
"""
import json
import math
import random
import subprocess
import sys

ACTIVATIONS = ["tanh", "gelu", "erf(x/sqrt(2))", "sin(x)", "softplus", "silu", "x+0.1*x^3"]
KINKED = ["relu", "abs(x)", "0.1*x+0.9*relu(x)"]
NEXT = {"K1": "K2", "V4": "V4_1"}


def run(program, command, arguments):
    done = subprocess.run(["dotnet", program, command, "--format", "json", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def components(result, name):
    last = result[name][-1]
    return last if name == "K1" or name == "K2" else [row[b] for a, row in enumerate(last) for b in range(a, len(row))]


def main(program, setups=30, networks=100000, activations=ACTIVATIONS):
    random.seed(20261)
    exceptions = 0
    for setup in range(setups):
        inputs = 1 + setup % 3
        activation = random.choice(activations)
        points = [[random.gauss(0, 1) for _ in range(4)] for _ in range(inputs)]
        kernel = [[sum(a * b for a, b in zip(x, y)) / 4 for y in points] for x in points]
        weight, bias, skip = round(random.uniform(.8, 2), 2), random.choice([0, .1]), random.choice([1, 1, .8, 0])
        step, depth = 1 if skip == 0 else round(random.uniform(.3, .8), 2), random.choice([2, 3, 4, 5])
        network = ["--activation", activation, "--weight-variance", str(weight), "--bias-variance", str(bias), "--skip", str(skip), "--step", str(step),
                   "--depth", str(depth), "--record", "2", "--kernel", json.dumps(kernel)]
        label = f"{setup:2d} N={inputs} {activation} C_W={weight} C_b={bias} alpha={skip} eps={step} L={depth}"
        try:
            theory = run(program, "solve", ["--order", "1", "--closure", "hermite(12)", *network])
            for width in (16, 32):
                sample = run(program, "simulate", ["--estimator", "control-variate", "--width", str(width), "--samples", str(networks), "--seed", str(setup), *network])
                for name, following in NEXT.items():
                    terms = [(value, error, zero, zero + one / width) for value, error, zero, one in zip(
                        components(sample, name), components(sample["standardErrors"], name), components(theory, name), components(theory, following)) if error > 0]
                    leading, corrected = (sum(((term[0] - term[order]) / term[1]) ** 2 for term in terms) for order in (2, 3))
                    is_exception = corrected > leading + 2 * math.sqrt(2 * len(terms))
                    exceptions += is_exception
                    share = max(1, len(terms))
                    print(f"{label} n={width} {name}: {math.sqrt(leading / share):.2f} errors from order 0, {math.sqrt(corrected / share):.2f} from order 1{' EXCEPTION' if is_exception else ''}", flush=True)
        except RuntimeError as reason:
            print(f"{label}: {reason}", flush=True)
    return 1 if exceptions else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *(int(number) for number in sys.argv[2:4]), *([KINKED] if "kinked" in sys.argv else [])))
