"""Check that the lock files are whole: every requirement pinned and hashed, no address, nothing left out.

A fresh machine installs exactly what stands there; `make lock` writes them anew.
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = ("build", "runtime", "dev", "replay")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, Version]:
    """Return the pinned version of every distribution in one lock file, by normal name."""
    return {canonicalize_name(name): Version(version) for name, version in PIN.findall(lock)}


def faults_of(name: str, text: str) -> list[str]:
    """Return what is wrong with one lock file by itself."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    unhashed = [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]
    faults = [f"{name}.lock: no hash for {line}" for line in unhashed]
    if "://" in text or "--index" in text:
        faults.append(f"{name}.lock: holds an address")
    return faults


def missing(lock: str, wanted: list[str], pinned: dict[str, Version]) -> list[str]:
    """Return the requirements of pyproject.toml that a lock file does not satisfy."""
    faults = []
    for line in wanted:
        requirement = Requirement(line)
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            faults.append(f"{lock}.lock: {line} is not satisfied (found {version}); run `make lock`")
    return faults


def main() -> int:
    """Print every fault; the exit status is 1 if there is one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    texts = {name: (ROOT / "requirements" / f"{name}.lock").read_text("utf8") for name in LOCKS}
    faults = [fault for name, text in texts.items() for fault in faults_of(name, text)]
    runtime, dev = project["project"]["dependencies"], project["dependency-groups"]["dev"]
    faults += missing("runtime", runtime, pins(texts["runtime"]))
    faults += missing("dev", runtime + dev, pins(texts["dev"]))
    runtime_pins, dev_pins = pins(texts["runtime"]), pins(texts["dev"])
    faults += [
        f"dev.lock: {name} is {dev_pins.get(name)}, runtime.lock has {version}"
        for name, version in runtime_pins.items()
        if dev_pins.get(name) != version
    ]
    sys.stdout.write("".join(f"{fault}\n" for fault in faults) or "lock files are whole\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
