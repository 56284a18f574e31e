"""Measures the readers of other formats: PDF against its library alone, hostile texts, memory, start-up.

    python -m bench.extract_formats pdf        36 generated PDFs of real size: ours against pypdfium2's text
    python -m bench.extract_formats hostile    each hostile text at n and 2n
    python -m bench.extract_formats memory     10,000 files of eight formats walked and read: peak memory
    python -m bench.extract_formats start      what the child process costs, once and a file

Everything is a ratio within one run; numbers of two machines do not compare.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit" / "extract_formats"))

from build_office import build_docx, build_odt, build_zip, paragraphs
from build_pdf import Annotation, Page, build_pdf, paragraph, uri
from hostile import HOSTILE

from workers.extract.find import find_links
from workers.extract.isolate import IsolatedReader
from workers.extract.source import Source
from workers.extract.walk import walk

PDFS = 36
ROUNDS = 5
HOSTILE_SIZE = 4_000
FILES = 10_000
LINES = 46  # a page
WORDS = (
    "council",
    "harbour",
    "vote",
    "rain",
    "signed",
    "report",
    "under",
    "grain",
    "summit",
    "coast",
    "price",
)


def _line(rng: random.Random) -> str:
    words = [rng.choice(WORDS) for _ in range(12)]
    if rng.random() < 1 / LINES:  # one address a page, and one annotation: more than most reports have
        words[5] = f"https://host{rng.randint(1, 900)}.newsrig/{rng.choice(WORDS)}-a{rng.randint(1, 10**6)}"
    return " ".join(words)[:100]


def _pdf(rng: random.Random) -> bytes:
    pages = []
    for _ in range(rng.randint(4, 40)):
        texts = [_line(rng) for _ in range(LINES)]
        links = tuple(
            Annotation(rect=(72, 748 - 14 * row, 500, 760 - 14 * row), action=uri("https://a.newsrig/x"))
            for row in rng.sample(range(LINES), 1)
        )
        pages.append(Page(lines=paragraph(*texts, y=750), annotations=links))
    return build_pdf(*pages, info="/Title (A report)")


def _library_text(data: bytes) -> int:
    """Return the length of a PDF's text as its library gives it, everything closed after its use."""
    size = 0
    with pypdfium2.PdfDocument(data) as document:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            size += len(text.get_text_range())
            text.close()
            page.close()
    return size


def _cpu_s(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def measure_pdf() -> None:
    """Print our time for links and text against the library's for its text alone, median of rounds."""
    rng = random.Random(36)
    files = [_pdf(rng) for _ in range(PDFS)]
    pages = sum(len(pypdfium2.PdfDocument(data)) for data in files)
    ratios = []
    found = 0
    for _ in range(ROUNDS):
        library = _cpu_s(lambda: [_library_text(data) for data in files])
        ours = _cpu_s(lambda: [find_links(Source(name="a.pdf", data=data)) for data in files])
        ratios.append(ours / library)
        print(f"  library {library:.2f} s, ours {ours:.2f} s, ratio {ours / library:.2f}")
    found = sum(len(find_links(Source(name="a.pdf", data=data)).links) for data in files)
    size = sum(map(len, files)) / 1e6
    ratio = sorted(ratios)[ROUNDS // 2]
    print(f"{PDFS} PDFs, {pages} pages, {size:.1f} MB, {found} findings: ratio {ratio:.2f}")


def measure_hostile() -> None:
    """Print the time at n and 2n of every hostile text."""
    for name, (format_, build) in HOSTILE.items():
        times = []
        for size in (HOSTILE_SIZE, 2 * HOSTILE_SIZE):
            source = Source(name=name, data=build(size))
            times.append(_cpu_s(lambda source=source, format_=format_: find_links(source, format=format_)))
        ratio = times[1] / max(times[0], 1e-4)
        print(f"{name:45} n {times[0]:6.3f} s   2n {times[1]:6.3f} s   ratio {ratio:5.2f}")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_memory() -> None:
    """Print the peak of memory after a tenth of many files and after all, in this process and its child."""
    made = {
        "a.md": b"[a](https://a.newsrig/x) " * 40,
        "a.html": b"<a href='https://a.newsrig/x'>a</a>" * 40,
        "a.json": b'{"url": "https://a.newsrig/x"}',
        "a.bib": b"@misc{a, url={https://a.newsrig/x}}" * 20,
        "a.csv": b"title,url\n" + b"a,https://a.newsrig/x\n" * 40,
        "a.rss": b"<rss><channel><item><link>https://a.newsrig/x</link></item></channel></rss>",
        "a.docx": build_docx(paragraphs(*["see https://a.newsrig/x"] * 20)),
        "a.odt": build_odt("<text:p>see https://a.newsrig/x</text:p>" * 20),
        "a.pdf": build_pdf(Page(lines=paragraph(*["see https://a.newsrig/x"] * 20))),
        "a.zip": build_zip({f"{n}.md": "[a](https://a.newsrig/x)" for n in range(3)}),
    }
    with tempfile.TemporaryDirectory() as folder, IsolatedReader() as reader:
        for number in range(FILES):
            name, data = list(made.items())[number % len(made)]
            path = Path(folder) / f"{number // 1000}" / f"{number:05}-{name}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        early = 0.0
        begun = time.perf_counter()
        count = links = 0
        for count, item in enumerate(walk([folder]), start=1):
            if not isinstance(item, Source):
                raise item
            links += len(reader.find_links(item).links)
            if count == FILES // 10:
                early = _peak_mb()
        took = time.perf_counter() - begun
        print(f"{count} articles, {links} findings in {took:.1f} s")
        print(f"peak {early:.0f} MB after a tenth of the files, {_peak_mb():.0f} MB after all")


def measure_start() -> None:
    """Print what the first isolated file costs, and each later one."""
    source = Source(name="a.pdf", data=build_pdf(Page(lines=paragraph("https://a.newsrig/x"))))
    with IsolatedReader() as reader:
        begun = time.perf_counter()
        reader.find_links(source)
        first = time.perf_counter() - begun
        begun = time.perf_counter()
        for _ in range(200):
            reader.find_links(source)
        later = (time.perf_counter() - begun) / 200
    here = _cpu_s(lambda: [find_links(source) for _ in range(200)]) / 200
    print(f"first file {first * 1000:.0f} ms, later {later * 1000:.2f} ms each")
    print(f"the same in this process {here * 1000:.2f} ms")


MEASURES = {"pdf": measure_pdf, "hostile": measure_hostile, "memory": measure_memory, "start": measure_start}

if __name__ == "__main__":
    for chosen in sys.argv[1:] or MEASURES:
        MEASURES[chosen]()
