"""The child process in which risky documents are read; started by `isolate`, one document at a time.

It can write no file, keeps within its memory, and ends by itself should its parent die while it works.
"""

import json
import os
import resource
import sys
from typing import Any, BinaryIO

from workers.errors import UnreadableDocument
from workers.extract.document_json import document_to_json
from workers.extract.find import find_links
from workers.extract.isolate import FRAME
from workers.extract.source import Source
from workers.model import Format


def confine(memory_bytes: int) -> None:
    """Limit this process for good: its memory, no file written, no core file."""
    for limit, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _allow_cpu(seconds: float) -> None:
    """Let this process use that much more processor time, so that an orphan ends too."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def answer(head: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Return the document read from one request, or an `error` in words for a person."""
    source = Source(
        name=head["name"],
        data=data,
        media_type=head["media_type"],
        charset=head["charset"],
        base=head["base"],
    )
    try:
        return document_to_json(find_links(source, format=Format(head["format"]) if head["format"] else None))
    except UnreadableDocument as error:
        return {"error": error.reason}
    except MemoryError:
        return {"error": "needs more memory to read than is allowed"}
    except Exception as error:  # noqa: BLE001 - the top of the job: one bad file must not end the run
        return {"error": f"cannot be read: {type(error).__name__}: {error}"}


def serve(requests: BinaryIO, answers: BinaryIO, *, timeout_s: float) -> None:
    """Answer requests until there are no more; each is a frame of lengths, a JSON head and the bytes."""
    while len(size := requests.read(FRAME.size)) == FRAME.size:
        head_bytes, data_bytes = FRAME.unpack(size)
        head = json.loads(requests.read(head_bytes))
        _allow_cpu(timeout_s)
        written = json.dumps(answer(head, requests.read(data_bytes))).encode()
        answers.write(FRAME.pack(len(written), 0) + written)
        answers.flush()


def main() -> None:
    """Confine this process and serve its parent over standard input and output."""
    limits = json.loads(sys.argv[1])
    # Native code may print; what it prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine(limits["memory_bytes"])
    serve(sys.stdin.buffer, answers, timeout_s=limits["timeout_s"])


if __name__ == "__main__":
    main()
