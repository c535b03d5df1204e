"""Runs the command that SYMEFT names: python3 -m unittest discover -s python/tests"""

import math
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import symeft  # noqa: E402

LINEAR = dict(activation="x", weight_variance=2, skip=0, step=1, depth=3, kernel=[[1, 0.5], [0.5, 1]], record=4)


class Calls(unittest.TestCase):
    def test_a_linear_network_is_solved_exactly(self):
        theory = symeft.solve(**LINEAR, closure="hermite(4)")
        self.assertEqual([(0, 0), (0, 1), (1, 1)], theory.pairs)
        self.assertEqual([0, 1, 2, 3], theory.layers)
        self.assertTrue(theory.is_proved)
        self.assertIsNone(theory.width)
        for layer in theory.layers:
            # K0 = 2^l K(0); n Var G = 2 (l + 1) K0^2.
            self.assertAlmostEqual(2**layer * 0.5, theory.at("K0", (1, 0), record=layer), delta=1e-12)
            self.assertAlmostEqual(2 * (layer + 1) * 4**layer, theory.at("V4", record=layer), delta=1e-9)
        self.assertIn("K1", theory)
        self.assertEqual(theory["V4"][3][0][2], theory.at("V4", (0, 0), (1, 1)))
        with self.assertRaises(KeyError):
            theory.at("K0", (0, 2))

    def test_a_simulation_has_standard_errors(self):
        found = symeft.simulate(**LINEAR, width=32, samples=2000, seed=3)
        theory = symeft.solve(**LINEAR, closure="hermite(4)")
        self.assertEqual(32, found.width)
        z = (found.at("V4") - theory.at("V4")) / found.error("V4")
        self.assertLess(abs(z), 12)  # of order 1/n apart
        rows = list(found.numbers())
        self.assertTrue(all("standard_error" in row for row in rows if row["quantity"] == "G"))
        self.assertEqual(4 * (3 + 9 + 3 + 3 + 3), len([row for row in rows if row["quantity"] in ("K0", "V4", "K1", "U1", "G")]))

    def test_expectations(self):
        found = symeft.expect("x*y", [[2, 0.6], [0.6, 2]])
        self.assertEqual(0.6, found.value)
        self.assertEqual("closed-form", found.method)
        self.assertAlmostEqual(1 / math.sqrt(2 * math.pi), symeft.expect("relu(x)", 1).value, delta=1e-15)

    def test_derivations_are_texts(self):
        self.assertIn("V4", symeft.derive(**LINEAR, closure="g-only", to="python"))

    def test_measured_kernels_are_compared(self):
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
            file.write("layer,G_00\n0,1.1\n0,0.9\n0,1.0\n")
        found = symeft.compare(file.name, **LINEAR, closure="hermite(4)", width=32)
        self.assertEqual(1.0, found.numbers[0]["theory"])
        self.assertLess(abs(found.numbers[0]["z"]), 1e-9)

    def test_refusals_are_exceptions_with_the_sentence_of_the_command(self):
        with self.assertRaises(symeft.SymeftError) as caught:
            symeft.solve(**{**LINEAR, "depth": 0})
        self.assertEqual(2, caught.exception.code)
        self.assertIn("--depth is 0", str(caught.exception))

    def test_arrays_and_tables(self):
        theory = symeft.solve(**LINEAR, closure="hermite(4)")
        try:
            import numpy
        except ImportError:
            self.skipTest("NumPy is not here")
        self.assertEqual((4, 3, 3), theory.array("V4").shape)
        self.assertEqual(theory.at("K0"), symeft.solve(**{**LINEAR, "kernel": numpy.array(LINEAR["kernel"])}, closure="hermite(4)").at("K0"))
        try:
            import pandas  # noqa: F401
        except ImportError:
            return
        table = theory.to_pandas()
        self.assertEqual(theory.at("K0"), table[(table.quantity == "K0") & (table.layer == 3)].value.iloc[0])


if __name__ == "__main__":
    unittest.main()
