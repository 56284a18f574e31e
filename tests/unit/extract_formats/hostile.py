"""Texts made to be slow to read, for each format; every one grows with a number."""

from collections.abc import Callable, Mapping

from build_office import build_docx, build_epub, build_odt
from build_pdf import Annotation, Page, build_pdf, paragraph, uri

from workers.model import Format

FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "https://a.example/"</w:instrText>'
    '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
RSS = '<rss xmlns:c="c"><channel>{}</channel></rss>'
LINK = '<w:hyperlink r:id="r"><w:r><w:t>a https://a.example/b </w:t></w:r></w:hyperlink>'

HOSTILE: Mapping[str, tuple[Format, Callable[[int], bytes]]] = {
    "json: long key over many addresses": (
        Format.JSON,
        lambda n: ('{"' + "k" * n * 100 + '": [' + ",".join(['"https://a.example/"'] * n) + "]}").encode(),
    ),
    "json: long title beside many addresses": (
        Format.JSON,
        lambda n: (
            '{"title": "' + "t " * n * 50 + '"' + "".join(f', "{i}_url": "/a"' for i in range(n)) + "}"
        ).encode(),
    ),
    "json: escapes": (Format.JSON, lambda n: ('"' + "\\u0061" * n * 5 + '"').encode()),
    "json: open quotes of escapes": (Format.JSON, lambda n: ('["' + '\\"' * n * 10 + '"]').encode()),
    "feed: many elements before many items": (
        Format.FEED,
        lambda n: RSS.format("<x/>" * n + "<item><link>/a</link></item>" * n).encode(),
    ),
    "feed: a long link over many relative ones": (
        Format.FEED,
        lambda n: RSS.format(
            f"<item><link>https://a.example/{'a' * n * 50}</link>" + "<comments>/b</comments>" * n + "</item>"
        ).encode(),
    ),
    "feed: many attributes": (
        Format.FEED,
        lambda n: RSS.format(
            "<item><enclosure " + " ".join(f'a{i}="b"' for i in range(n * 5)) + ' url="/u"/></item>'
        ).encode(),
    ),
    "feed: entities": (
        Format.FEED,
        lambda n: RSS.format(f"<item><description>{'&lt;a&gt;' * n}</description></item>").encode(),
    ),
    "sitemap: deep": (
        Format.SITEMAP,
        lambda n: b"<urlset>" + (b"<u>" * 1900 + b"</u>" * 1900) * (n // 500) + b"</urlset>",
    ),
    "opml: long title": (
        Format.OPML,
        lambda n: (
            f"<opml><head><title>{'t' * n * 20}</title></head><body>"
            + '<outline text="x" url="/a"/>' * n
            + "</body></opml>"
        ).encode(),
    ),
    "bibtex: values never closed": (Format.BIBTEX, lambda n: b"@misc{a, url={" * n),
    "bibtex: signs": (Format.BIBTEX, lambda n: b"@ " * n * 20),
    "bibtex: quotes": (Format.BIBTEX, lambda n: b'@misc{a, note="{"' * n),
    "latex: arguments never closed": (Format.LATEX, lambda n: b"\\url{" * n * 5),
    "latex: options never closed": (Format.LATEX, lambda n: b"\\url[" * n),
    "latex: fences": (
        Format.LATEX,
        lambda n: "".join(f"\\verb{chr(0x4E00 + i % 20000)}x " for i in range(n)).encode(),
    ),
    "latex: nested text": (Format.LATEX, lambda n: b"\\href{a}{" * n * 2 + b"}" * n * 2),
    "rst: back quotes": (Format.RST, lambda n: ("`" + " " * 500).encode() * (n // 20)),
    "rst: angles": (Format.RST, lambda n: b"`a <" * n * 5),
    "rst: references": (Format.RST, lambda n: b"a_ " * n + b"\n\n.. _a: https://a.example/\n"),
    "rst: targets in a ring": (
        Format.RST,
        lambda n: b"".join(b".. _a%d: a%d_\n" % (i, i + 1) for i in range(n)) + b"\na0_ " * n,
    ),
    "rst: literal blocks": (Format.RST, lambda n: b"a::\n\n  b\n\n" * n),
    "rst: comments": (Format.RST, lambda n: b"..\n   \n  ..\n" * n),
    "rst: colons": (Format.RST, lambda n: b"a::" * n * 5),
    "rst: blank lines": (Format.RST, lambda n: b"a::\n" + b" \n" * n * 5),
    "json: long key over many words": (
        Format.JSON,
        lambda n: ('{"' + "k" * n * 5 + '": [' + ",".join(['"a"'] * n) + "]}").encode(),
    ),
    "epub: many chapters": (
        Format.EPUB,
        lambda n: build_epub({f"c{i}.xhtml": "<p>https://a.example/b</p>" for i in range(n // 20)}),
    ),
    "csv: quotes": (Format.CSV, lambda n: b'"",""' * n * 5),
    "csv: one row": (Format.CSV, lambda n: b"a,https://a.example/," * n),
    "notebook: lines": (
        Format.NOTEBOOK,
        lambda n: (
            '{"cells": [{"cell_type": "code", "source": [' + ",".join(['"x\\n"'] * n * 5) + "]}]}"
        ).encode(),
    ),
    "docx: fields never closed": (
        Format.DOCX,
        lambda n: build_docx(f"<w:p>{FIELD * n}</w:p>" + "<w:p/>" * n),
    ),
    "docx: links in one paragraph": (
        Format.DOCX,
        lambda n: build_docx(f"<w:p>{LINK * n}</w:p>", outside={"r": "https://a.example/b"}),
    ),
    "odt: paragraphs in paragraphs": (
        Format.ODT,
        lambda n: build_odt(
            ("<text:p>a <text:a xlink:href='/b'>c</text:a>" * 50 + "</text:p>" * 50) * (n // 50)
        ),
    ),
    "pdf: annotations over text": (
        Format.PDF,
        lambda n: build_pdf(
            *(
                Page(
                    lines=paragraph("https://a.example/b " * 4),
                    annotations=(Annotation(rect=(72, 695, 400, 712), action=uri("https://a.example/c")),)
                    * 40,
                )
                for _ in range(n // 100)
            )
        ),
    ),
}
