"""Lets these tests import their helpers: a package named `tests` is installed by others."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "extract_formats"))
