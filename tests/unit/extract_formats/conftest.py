"""Lets the tests of formats import their builders: a package named `tests` is installed by others."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
