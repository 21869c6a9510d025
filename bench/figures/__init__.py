"""One figure a module: how it is measured, in the same way for every peer."""

import pathlib
import sys

# The black-box tests' servers and processes serve here, too.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests"))
