# ruff: noqa: RUF001 - letters that look alike are the subject here
"""Write workers/extract/letter_table.txt anew: how often letters beside letters stand in words of a language.

Made from wordfreq's lists of words. A line a language: its name, the charsets it was written in before
Unicode, and pairs of letters of which one is not ASCII (`_` is the edge of a word), each with a digit: -log2
of its share among such pairs. For Chinese, Japanese and Korean single characters stand in place of pairs.

    .venv/bin/python scripts/make_letter_table.py
"""

import re
from collections import Counter
from math import log2
from pathlib import Path

import wordfreq

TABLE = Path(__file__).parents[1] / "workers" / "extract" / "letter_table.txt"
LATIN, CENTRAL = "windows-1252 iso-8859-15 mac-roman cp850 cp437", "windows-1250 iso-8859-2 cp852 mac-latin2"
CYRILLIC = "windows-1251 koi8-u iso-8859-5 cp866 mac-cyrillic"
CHARSETS = {
    **dict.fromkeys(("fr", "de", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "ca", "is", "en"), LATIN),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "sl", "sh"), CENTRAL),
    **dict.fromkeys(("ru", "uk", "bg", "mk"), CYRILLIC),
    "el": "windows-1253 iso-8859-7 mac-greek",
    "tr": "windows-1254 mac-turkish",
    "he": "windows-1255 iso-8859-8",
    "ar": "windows-1256 iso-8859-6",
    "fa": "windows-1256",
    "lt": "windows-1257",
    "lv": "windows-1257",
    "ja": "shift_jis euc_jp",
    "zh": "gb18030 big5",
    "ko": "euc_kr",
}
# As it was written where the charset has no other letter.
OLD_LETTERS = {"ro": str.maketrans("șț", "şţ"), "fa": str.maketrans("یک", "يك")}
IDEOGRAPHIC = ("ja", "zh", "ko")
CHARACTERS = 1_600
LEAST_SHARE = 2.0**-13


def main() -> None:
    """Count and write."""
    lines = []
    for language, charsets in CHARSETS.items():
        is_single = language in IDEOGRAPHIC
        counts: Counter[str] = Counter()
        for word, share in wordfreq.get_frequency_dict(language, wordlist="small").items():
            if language == "de" and "ss" in word:  # the lists fold what was written with a sharp s
                counts.update(dict.fromkeys(pairs_in(word.replace("ss", "ß")), share / 4))
            written = word.lower().replace("i\u0307", "i").translate(OLD_LETTERS.get(language, {}))
            written = re.sub("σ\\Z", "ς", written)
            for unit in written if is_single else pairs_in(written):
                if not unit.isascii() and unit.replace("_", "").isalpha():
                    counts[unit] += share
        counts = Counter({unit: share for unit, share in counts.items() if not unit.isascii()})
        total = sum(counts.values())
        common = counts.most_common(CHARACTERS if is_single else None)
        kept = [(unit, count / total) for unit, count in common if count / total >= LEAST_SHARE or is_single]
        units = "".join(f"{unit}{min(13, round(-log2(share))):x}" for unit, share in kept)
        lines.append(f"{language}\t{charsets}\t{units}\n")
    TABLE.write_text("".join(lines), encoding="utf-8")


def pairs_in(word: str) -> list[str]:
    """Return the pairs of neighbours of a word, its edges among them."""
    framed = f"_{word}_"
    return [framed[at : at + 2] for at in range(len(framed) - 1)]


if __name__ == "__main__":
    main()
