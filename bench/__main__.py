"""Run the benches that need nothing but this machine: `python -m bench`."""

import runpy
import sys

for bench in ("bench.extract", "bench.start", "bench.pipeline", "bench.memory"):
    print(f"\n{bench}")
    sys.argv = [bench]
    runpy.run_module(bench, run_name="__main__")
