"""What the C library does with large blocks of memory once they are free."""

import ctypes
from typing import Final

_M_MMAP_THRESHOLD: Final = -3  # mallopt(3)
LARGE_BYTES: Final = 65_536


def hand_back_large_blocks() -> bool:
    """Let free blocks of 64 kB and more go back to the system at once; False where that cannot be.

    Bodies, their texts and the buffers of encrypted connections come and go by the hundred. By default the
    GNU C library learns to keep such blocks, and each small one that lands among them keeps them for good.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # another C library
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES))
