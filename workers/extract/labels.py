# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Labels that name an article's own address: 'Original url:', 'Source:', 'Originally published at'.

English, Spanish, French, German, Portuguese, Russian, Ukrainian, Arabic, Chinese, Japanese, and the
common forms of Italian, Polish, Turkish, Korean, Hindi, Indonesian, Persian, Urdu and Dutch. A strong
label can mean nothing else; a weak one ('Source', 'Link') counts only where it stands once in an article.
"""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from workers.regex import regex


class Label(StrEnum):
    """How surely a label names the article's own address."""

    STRONG = "strong"
    WEAK = "weak"


_ADDRESS = (
    r"(?:url|uri|link|address|adresse|adresa|dirección|enlace|lien|endereço|indirizzo|адрес|адреса|ссылка|"
    r"посилання|adres|bağlantı|tautan|رابط|لنک|لینک|链接|鏈接|連結|連接|连接|網址|网址|リンク|주소|링크|लिंक|यूआरएल|पता)"
)
_STRONG = (
    rf"original(?:\s+(?:article|story|page|source|post))?\s+{_ADDRESS}|original\s+(?:source|article|story|page)|"
    r"(?:originally|first)\s+(?:published|appeared|posted)(?:\s+(?:at|on|in|by|here))?|"
    r"(?:source|article|page|canonical|web|story)\s+(?:url|uri|link|address)|saved\s+from(?:\s+url)?|"
    r"archived\s+(?:from(?:\s+the\s+original)?|copy of)|"
    r"(?:read|view|see)\s+(?:the\s+)?(?:full\s+)?original(?:\s+(?:article|story|post|version))?"
    r"(?:\s+(?:at|on|here))?|"
    rf"{_ADDRESS}\s+original|fuente\s+original|publicado\s+originalmente(?:\s+en)?|artículo\s+original|"
    rf"{_ADDRESS}\s+d['’]origine|source\s+(?:originale|d['’]origine)|article\s+(?:original|d['’]origine)|paru\s+(?:initialement|à\s+l['’]origine)(?:\s+(?:sur|dans))?|"
    r"publié\s+(?:initialement|à\s+l['’]origine)(?:\s+(?:sur|dans))?|"
    r"original-?(?:url|link|adresse|artikel|quelle|beitrag)|(?:ursprünglich|zuerst|erstmals)\s+(?:veröffentlicht|erschienen)(?:\s+(?:auf|bei|in|unter))?|"
    r"fonte\s+original|artigo\s+original|publicado\s+originalmente(?:\s+em)?|"
    r"(?:ссылка\s+на\s+)?(?:оригинал|первоисточник)(?:\s+(?:статьи|публикации|новости))?|(?:адрес|ссылка|url)\s+(?:оригинала|первоисточника)|оригинальн\w+\s+(?:адрес|ссылка|статья|url)|впервые\s+опубликовано|"
    r"(?:посилання\s+на\s+)?(?:оригінал|першоджерело)(?:\s+(?:статті|публікації))?|(?:адреса|url)\s+оригіналу|оригінальн\w+\s+(?:адреса|посилання|стаття|url)|вперше\s+опубліковано|"
    r"(?:الرابط|المصدر|المقال|العنوان)\s+الأصلي|رابط\s+(?:المقال|الخبر|المصدر)(?:\s+الأصلي)?|نُ?شر\s+(?:أصلا|لأول\s+مرة)(?:\s+في)?|"
    r"(?:原文|原始|原創|来源|來源)(?:文章)?(?:链接|鏈接|連結|连接|連接|网址|網址|地址|出处|出處|url)|原文|本文(?:链接|地址)|"
    r"(?:元記事|元の記事|原文|記事|オリジナル)(?:の)?(?:url|リンク|アドレス|記事)?|初出|"
    r"url\s+originale|fonte\s+originale|articolo\s+originale|pubblicato\s+originariamente(?:\s+su)?|"
    r"oryginaln\w+\s+(?:adres|link|artykuł|url)|orijinal\s+(?:url|bağlantı|haber|kaynak)|(?:원문|원본|원본\s*기사)(?:\s*(?:주소|링크|url))?|"
    rf"मूल\s+(?:{_ADDRESS}|लेख|स्रोत|समाचार)|(?:url|sumber|artikel|berita|tautan)\s+asli|"
    r"(?:لینک|منبع|نشانی|آدرس|مطلب)\s+اصلی|(?:اصل|مول)\s+(?:لنک|ماخذ|خبر|مضمون)|"
    r"oorspronkelijk(?:e)?\s+(?:url|link|artikel|bron|gepubliceerd(?:\s+(?:op|in))?)"
)
_WEAK = (
    r"source|via|url|link|permalink|fuente|enlace|lien|quelle|fonte|ligação|источник|ссылка|джерело|посилання|"
    r"المصدر|الرابط|来源|來源|链接|出处|出處|出典|ソース|情報源|fonte|źródło|kaynak|출처|स्रोत|sumber|منبع|ماخذ|bron"
)
_MARKS = r"[\s>*_#|•·–—-]*"
_END = r"[*_\s]*[:：︰]?[*_\s]*[<(\[«“\"]?\s*\Z"
STRONG_LABEL = regex(rf"\A{_MARKS}(?:this\s+(?:article|story)\s+was\s+)?(?:{_STRONG}){_END}", re.IGNORECASE)
WEAK_LABEL = regex(rf"\A{_MARKS}(?:{_WEAK})[*_\s]*[:：︰][*_\s]*[<(\[«“\"]?\s*\Z", re.IGNORECASE)
LINE_END = regex(r"[\r\n]")
LABEL_REACH = 160
LABEL_LENGTH = 80


def label_before(text: str, at: int) -> Label | None:
    """Return how surely the words before the address at `at` say that it is the article's own.

    They stand on its line, alone before it, or make up the line above, blank lines aside.
    """
    if LINE_END.search(text, max(0, at - LABEL_LENGTH), at) is None and at >= LABEL_LENGTH:
        return None  # too many words stand before it on its line
    return label_of(text[max(0, at - LABEL_REACH) : at])


def label_of(words: str) -> Label | None:
    """Return how surely `words`, up to an address, end in a label of the article's own address."""
    window = words[-LABEL_REACH:]
    if "\r" in window:
        window = window.replace("\r\n", "\n").replace("\r", "\n")
    line = window.rpartition("\n")[2]
    if not line.strip(" \t\r<([*_>«“\"'"):
        above = window[: len(window) - len(line)].rstrip()
        line = above.rpartition("\n")[2]
    if "/" in line or not line:
        return None  # an address, of which lists are made: no label has a slash
    if STRONG_LABEL.match(line):
        return Label.STRONG
    return Label.WEAK if WEAK_LABEL.match(line) else None


def named_as_own(labels: Mapping[int, Label], targets: Mapping[int, str]) -> Collection[int]:
    """Return which findings of an article are its own address, of those that `labels` stand before.

    A strong label always counts; weak ones only where none is strong and one address alone carries them.
    """
    if strong := [index for index, label in labels.items() if label is Label.STRONG]:
        return strong
    return list(labels) if len({targets[index] for index in labels}) == 1 else []
