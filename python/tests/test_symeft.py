"""Runs the command that SYMEFT names: python3 -m unittest discover -s python/tests"""

import math
import os
import sys
import tempfile
import unittest
import unittest.mock

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
        with self.assertRaisesRegex(symeft.SymeftError, "'--wieght-variance' .did you mean --weight-variance"):
            symeft.solve(**LINEAR, wieght_variance=2)

    def test_a_command_that_is_not_there_is_named(self):
        with unittest.mock.patch.dict(os.environ, SYMEFT="/nowhere/symeft.dll"):
            with self.assertRaisesRegex(symeft.SymeftError, "SYMEFT is /nowhere/symeft.dll"):
                symeft.expect("x", 1)

    def test_what_the_command_says_beside_numbers_is_a_warning(self):
        with self.assertWarnsRegex(symeft.SymeftWarning, "error bars of V4 cannot be trusted"):
            symeft.simulate(**LINEAR, width=8, samples=10)

    def test_a_name_that_is_not_there_is_told_what_is(self):
        theory = symeft.solve(**LINEAR, closure="hermite(4)")
        self.assertEqual(["K0", "V4", "K1", "U1"], theory.names)
        self.assertEqual("hermite(4): K0, V4, K1, U1 at 4 layers, 0 to 3", repr(theory))
        for ask, sentence in (
            (lambda: theory.at("V6"), "there is no V6; there is K0, V4, K1, U1"),
            (lambda: theory.at("layers"), "there is no layers; there is K0"),
            (lambda: theory.error("K0"), "a solution has none"),
            (lambda: theory.at("K0", (0, 0), (0, 1)), "fewer than 2 pairs"),
            (lambda: theory.at("K0", record=4), "there is no record 4; there are 4"),
        ):
            with self.assertRaisesRegex(LookupError, sentence):
                ask()

    def test_numbers_of_other_types_are_written_as_numbers(self):
        class Named(float):  # as NumPy's do
            def __repr__(self):
                return f"Named({float(self)})"

        self.assertEqual(8, symeft.solve(**{**LINEAR, "weight_variance": Named(2)}, closure="g-only").at("K0"))

    def test_files_of_the_command_are_read(self):
        theory = symeft.solve(**LINEAR, closure="hermite(4)")
        flags = [word for name, value in LINEAR.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "solution")
            with open(path, "w", encoding="utf-8") as file:
                file.write(symeft.run(["solve", *flags, "--closure", "hermite(4)", "--format", "json"]))
            self.assertEqual(theory, symeft.read(path))
            with open(path, "w", encoding="utf-8") as file:
                file.write("K0,1")
            for wrong in (path, os.path.join(folder, "nothing")):
                with self.assertRaisesRegex(symeft.SymeftError, "cannot be read"):
                    symeft.read(wrong)
            try:
                import h5py  # noqa: F401
            except ImportError:
                self.skipTest("h5py is not here")
            symeft.run(["solve", *flags, "--closure", "hermite(4)", "--format", "hdf5", "--out", path + ".h5"])
            found = symeft.read(path + ".h5")
            self.assertCountEqual(theory.numbers(), found.numbers())  # a group of HDF5 is ordered by names
            self.assertTrue(found.is_proved)

    def test_arrays_and_tables(self):
        theory = symeft.solve(**LINEAR, closure="hermite(4)")
        try:
            import numpy
        except ImportError:
            self.skipTest("NumPy is not here")
        self.assertEqual((4, 3, 3), theory.array("V4").shape)
        self.assertEqual(theory.at("K0"), symeft.solve(**{**LINEAR, "kernel": numpy.array(LINEAR["kernel"])}, closure="hermite(4)").at("K0"))

    def test_tables(self):
        theory = symeft.solve(**LINEAR, closure="hermite(4)")
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not here")
        table = theory.to_pandas()
        self.assertEqual(theory.at("K0"), table[(table.quantity == "K0") & (table.layer == 3)].value.iloc[0])

    def test_labelled_arrays(self):
        theory = symeft.solve(**LINEAR, closure="hermite(4)")
        try:
            import xarray  # noqa: F401
        except ImportError:
            self.skipTest("xarray is not here")
        self.assertEqual(theory.at("V4", (0, 0), (0, 1), record=2), float(theory.to_xarray()["V4"].sel(layer=2, pair="00", pair2="01")))


if __name__ == "__main__":
    unittest.main()
