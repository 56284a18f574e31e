"""Original pages and their edited copies, made up from a seed: what an article looked like, and what is left.

A page has a layout, links of its own and links around the piece; its copy has lost every target. Between
the two the text was edited as editors do: words changed, paragraphs moved and cut, links added and removed.
"""

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.made_words import Tongue

STAMP = "20240311093000"
PAGE_URL = "https://news.example/2024/03/10/the-piece-a4711"
LAYOUTS = ("semantic", "divs", "table", "breaks", "teasers")


class Rewriting(StrEnum):
    """How the page's addresses were rewritten by an archive."""

    NONE = "none"
    WAYBACK = "wayback"
    RELATIVE = "relative"
    PYWB = "pywb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How hard a page was edited: shares of words, paragraphs and links."""

    words: float = 0.08
    moved: float = 0.15
    cut: float = 0.08
    removed: float = 0.1
    added: float = 0.25
    reworded_anchors: float = 0.05
    merged: float = 0.0
    doubled: float = 0.0
    linked: float = 0.4
    tongues: Sequence[Tongue] = ()


@dataclass(slots=True, kw_only=True)
class _Sentence:
    """One sentence in pieces: `anchor` counts the piece that is linked, None where none is."""

    pieces: list[str]
    anchor: int | None = None
    target: str | None = None
    added: str | None = None
    in_copy: bool = True
    on_page: bool = True
    anchor_on_page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A page and its copy as Markdown; `truth` has each placeholder's target, None where none is left."""

    headline: str
    page: str
    copy: str
    truth: tuple[str | None, ...]
    rewriting: Rewriting
    layout: str


@dataclass(slots=True)
class _Maker:
    seed: int
    recipe: Recipe
    count: int = 0
    dice: random.Random = field(init=False)
    tongue: Tongue = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - pages, not secrets
        self.tongue = self.dice.choice(list(self.recipe.tongues))

    def url(self) -> str:
        self.count += 1
        host = self.dice.choice(["wire", "ministry", "daily", "archive", "board", "social"])
        return f"https://{host}.example/{self.dice.randint(2010, 2024)}/{self.seed}-{self.count}"

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def sentence(self) -> _Sentence:
        tongue, pick = self.tongue, self.dice.choice
        pieces = [pick(tongue.subjects), pick(tongue.verbs), pick(tongue.objects), pick(tongue.tails)]
        made = _Sentence(pieces=pieces)
        if self.chance(self.recipe.linked):
            made.anchor = pick([1, 1, 1, 0, 2])
            made.target = self.url()
        return made

    def paragraphs(self) -> list[list[_Sentence]]:
        made = [
            [self.sentence() for _ in range(self.dice.randint(1, 3))] for _ in range(self.dice.randint(7, 14))
        ]
        if self.chance(self.recipe.doubled):
            source = self.dice.choice(made)[0]
            twin = _Sentence(pieces=list(source.pieces), anchor=1, target=self.url())
            source.anchor, source.target = 1, source.target or self.url()
            self.dice.choice(made).append(twin)
        return made

    def change_links(self, paragraphs: list[list[_Sentence]]) -> None:
        for sentence in (each for paragraph in paragraphs for each in paragraph):
            if sentence.anchor is not None and self.chance(self.recipe.removed):
                sentence.target = None
            if self.chance(self.recipe.added) and sentence.anchor != 1:
                sentence.added = self.url()
            if sentence.target and self.chance(self.recipe.reworded_anchors):
                sentence.anchor_on_page = self.dice.choice(self.tongue.verbs)

    def edited(self, text: str) -> str:
        """Return a phrase with some words left out, put in or exchanged."""
        tongue = self.tongue
        words = list(text) if not tongue.space else text.split()
        pool = self.dice.choice(tongue.objects + tongue.tails)
        others = list(pool) if not tongue.space else pool.split()
        kept = []
        for word in words:
            if not self.chance(self.recipe.words):
                kept.append(word)
                continue
            way = self.dice.randrange(3)
            if way == 0:
                kept.append(self.dice.choice(others))
            elif way == 1:
                kept += [word, self.dice.choice(others)]
        return tongue.space.join(kept) or text


def make(seed: int, recipe: Recipe) -> Made:
    """Return the page and copy of one seed."""
    maker = _Maker(seed, recipe)
    headline = maker.dice.choice(maker.tongue.titles)
    paragraphs = maker.paragraphs()
    maker.change_links(paragraphs)
    copied = [list(paragraph) for paragraph in paragraphs]
    _move_and_cut(maker, paragraphs, copied)
    related = [title for title in maker.tongue.titles if title != headline]
    credit = (
        "Photo",
        f"{maker.dice.choice(['Ana', 'Jun', 'Oleg', 'Mia'])} Example (CC BY-SA 4.0)",
        maker.url(),
    )
    title = (maker.dice.choice(related), maker.url().replace("https://", "https://news.example/x-"))
    rewriting = maker.dice.choice(list(Rewriting))
    layout = maker.dice.choice(LAYOUTS)
    others = [(each, maker.url()) for each in related if each != title[0]]
    page = _page(maker, headline, paragraphs, credit=credit, title=title, others=others, layout=layout)
    copy, truth = _copy(maker, headline, copied, credit=credit, title=title)
    return Made(
        headline=headline,
        page=_rewritten(page, rewriting),
        copy=copy,
        truth=tuple(truth),
        rewriting=rewriting,
        layout=layout,
    )


def _move_and_cut(maker: _Maker, paragraphs: list[list[_Sentence]], copied: list[list[_Sentence]]) -> None:
    recipe = maker.recipe
    for number in range(len(copied) - 1, -1, -1):
        if maker.chance(recipe.cut):
            del copied[number]
        elif maker.chance(recipe.moved):
            copied.insert(maker.dice.randint(0, len(copied) - 1), copied.pop(number))
    for number in range(len(paragraphs) - 1, -1, -1):
        if maker.chance(recipe.cut) and len(paragraphs) > 4:
            for sentence in paragraphs.pop(number):
                sentence.on_page = False
    if maker.chance(recipe.merged) and len(copied) > 3:
        copied[1:3] = [copied[1] + copied[2]]


def _copy(
    maker: _Maker,
    headline: str,
    paragraphs: list[list[_Sentence]],
    *,
    credit: tuple[str, str, str],
    title: tuple[str, str],
) -> tuple[str, list[str | None]]:
    lines = [f"# {headline}", "", "March 10, 2024", ""]
    shown = credit[1].replace("(", "\\(").replace(")", "\\)")
    truth: list[str | None] = [credit[2]]
    lines += [f"{maker.dice.choice(maker.tongue.objects)}. {credit[0]}: [{shown}](#)", ""]
    place = maker.dice.randrange(len(paragraphs))
    for number, paragraph in enumerate(paragraphs):
        lines += [maker.tongue.space.join(_copied(maker, each, truth) for each in paragraph), ""]
        if number == place:
            truth.append(title[1])
            lines += [f"**{maker.tongue.related}:** [{title[0]}](#)", ""]
    lines += ["Original url:", "", f"<{PAGE_URL}>", ""]
    return "\n".join(lines), truth


def _copied(maker: _Maker, sentence: _Sentence, truth: list[str | None]) -> str:
    pieces = [
        piece if number == sentence.anchor else maker.edited(piece)
        for number, piece in enumerate(sentence.pieces)
    ]
    if sentence.anchor is not None:
        pieces[sentence.anchor] = f"[{pieces[sentence.anchor]}](#)"
        truth.append(sentence.target if sentence.on_page else None)
    return maker.tongue.space.join(pieces) + maker.tongue.stop


def _page(
    maker: _Maker,
    headline: str,
    paragraphs: list[list[_Sentence]],
    *,
    credit: tuple[str, str, str],
    title: tuple[str, str],
    others: list[tuple[str, str]],
    layout: str,
) -> str:
    tongue = maker.tongue
    texts = [tongue.space.join(_shown(maker, each) for each in paragraph) for paragraph in paragraphs]
    related = f'{tongue.related}: <a href="{title[1]}">{html.escape(title[0])}</a>'
    texts.insert(maker.dice.randint(0, len(texts)), f'<span class="related">{related}</span>')
    caption = f'{credit[0]}: <a href="{credit[2]}" rel="license">{credit[1]}</a>'
    more = "".join(f'<li><a href="{url}">{html.escape(text)}</a></li>' for text, url in others)
    verb = html.escape(tongue.verbs[0])
    menu = f'<a href="/">{tongue.subjects[0]}</a> <a href="/latest">{verb}</a> <a href="/about">About</a>'
    share = f'<a href="https://share.example/?u={PAGE_URL}">Share</a> <a href="https://board.example/us">Board</a>'
    head = f'<title>{html.escape(headline)} | News</title><link rel="canonical" href="{PAGE_URL}">'
    body = _laid_out(layout, headline, texts, caption)
    return (
        f'<!doctype html><html lang="{tongue.code}"><head><meta charset="utf-8">{head}</head><body>'
        f'<header><nav>{menu}</nav></header>{body}<div class="share">{share}</div>'
        f'<aside class="most-read"><ul>{more}</ul></aside><footer>{menu}</footer></body></html>'
    )


def _laid_out(layout: str, headline: str, texts: list[str], caption: str) -> str:
    heading = f"<h1>{html.escape(headline)}</h1>"
    match layout:
        case "semantic":
            figure = f'<figure><img src="/i.jpg"><figcaption>{caption}</figcaption></figure>'
            return f"<main><article>{heading}{figure}{''.join(f'<p>{x}</p>' for x in texts)}</article></main>"
        case "divs":
            blocks = "".join(f'<div class="t"><div>{x}</div></div>' for x in texts)
            return f'<div id="c">{heading}<div class="cap">{caption}</div>{blocks}</div>'
        case "table":
            return f"<table><tr><td>{heading}{caption}</td></tr><tr><td>{'<p>'.join(texts)}</td></tr></table>"
        case "breaks":
            return f"<div>{heading}{caption}<br><br>{'<br><br>'.join(texts)}</div>"
        case _:
            teasers = "".join(f"<section><p>{x}</p></section>" for x in texts)
            return f"<article>{heading}<div class='credit'>{caption}</div>{teasers}</article>"


def _shown(maker: _Maker, sentence: _Sentence) -> str:
    pieces = [html.escape(piece) for piece in sentence.pieces]
    if sentence.anchor is not None and sentence.target is not None:
        said = html.escape(sentence.anchor_on_page or sentence.pieces[sentence.anchor])
        if maker.chance(0.2):
            said = f"<em>{said}</em>"
        pieces[sentence.anchor] = f'<a href="{html.escape(sentence.target)}">{said}</a>'
    if sentence.added is not None and sentence.anchor != 3:
        pieces[3] = f'<a href="{sentence.added}">{pieces[3]}</a>'
    return maker.tongue.space.join(pieces) + maker.tongue.stop


def _rewritten(page: str, rewriting: Rewriting) -> str:
    prefixes = {
        Rewriting.WAYBACK: f"https://web.archive.example/web/{STAMP}/",
        Rewriting.RELATIVE: f"/web/{STAMP}/",
        Rewriting.PYWB: f"http://replay.example:8080/all/{STAMP}mp_/",
    }
    prefix = prefixes.get(rewriting, "")
    absolute = page.replace('href="/', 'href="https://news.example/') if prefix else page
    return absolute.replace('href="https://', f'href="{prefix}https://')
