"""Read one folder of articles and print how many addresses or findings it holds; `bench.extract` times it.

    python -m bench.read_folder addresses|findings FOLDER MOST

It imports nothing but what reads, as start-up counts.
"""

import os
import sys

from workers.extract.addresses import list_addresses
from workers.extract.find import find_links
from workers.extract.source import Source


def read_folder(way: str, folder: str, most: int) -> int:
    """Return how many addresses or findings the first `most` files of `folder` hold."""
    count = 0
    for entry in sorted(os.listdir(folder))[:most]:  # noqa: PTH208 - as cheap as the peer's walk
        path = f"{folder}/{entry}"
        with open(path, "rb") as file:  # noqa: PTH123
            source = Source(name=path, data=file.read())
        count += len(list_addresses(source)) if way == "addresses" else len(find_links(source).links)
    return count


if __name__ == "__main__":
    print(read_folder(sys.argv[1], sys.argv[2], int(sys.argv[3])))
