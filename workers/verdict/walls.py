"""Bot walls, challenges, logins, consent pages and paywalls: what keeps us from telling.

Machine signs are facts about products' headers, script names and cookies, as vendors document them.
"""

import re
from http import HTTPStatus

from workers.model import Observation, Outcome, Verdict
from workers.regex import regex
from workers.url import lookup_key
from workers.verdict.address import read_address
from workers.verdict.blocks import Block
from workers.verdict.context import Context
from workers.verdict.lexicon import marks
from workers.verdict.missing import landing_url
from workers.verdict.neighbours import is_shown_for_any, refuses
from workers.verdict.page import Page
from workers.verdict.phrases import holds
from workers.verdict.topic import shown_topic

_HEADER_SIGNS = (
    "cf-mitigated",
    "x-vercel-mitigated",
    "x-amzn-waf-action",
    "x-sucuri-block",
    "x-datadome-isbot",
    "x-dd-b",
)
_HEADER_NAMES = frozenset(_HEADER_SIGNS)
_WALL_PATH = regex(
    r"/(?:cdn-cgi/(?:challenge-platform|l/chk_)|sorry/index|authwall|splashui/challenge|_sec/|captcha|"
    r"\.well-known/(?:sgcaptcha|anubis)|checkpoint/|robot-?check|blocked|bot-?detect|are-you-human)",
    re.IGNORECASE,
)
_LOGIN_PATH = regex(
    r"(?:^|[/._-])(?:login|log-in|signin|sign-in|sign_in|logon|sso|saml2?|oauth2?|openid|cas|auth|authenticate|"
    r"authwall|wp-login|user_session|session/new|idp|shibboleth|anmelden|connexion|iniciar-sesion|accedi|"
    r"inloggen|logowanie|giris|entrar|acceso)(?=$|[/.?_-])",
    re.IGNORECASE,
)
_LOGIN_HOST = regex(r"^(?:login|signin|sso|auth|accounts?|idp|id|passport|secure\.login|cas|shibboleth)\d?\.")
_CONSENT_PLACE = regex(
    r"^(?:consent|guce|cmp|privacy-gate|choices)\.|"
    r"/(?:consent|cookie-?wall|cookie-?consent|privacy-?gate|collectconsent|gdpr)\b"
)
_REGION_PATH = regex(r"/(?:unavailable-?(?:in|for)?-?|geo-?block(?:ed)?|not-available-in|451)", re.IGNORECASE)
# Short entries with marks between them are a menu or a footer, whatever they are made of.
_MENU_LINE = regex(r"(?:[^\u00b7|\u2022\u30fb\n]{1,40}\s?[\u00b7|\u2022\u30fb]\s?){2}")
_REFERENCE = regex(r"\d{6}|#\s?\d|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8}|\b\d{1,3}(?:\.\d{1,3}){3}\b")
_LITTLE, _SOME, _FEW_WORDS, _SHORT, _GATE_WORDS = 40, 120, 90, 16, 60
_LINE_WORDS, _FIRST_LINES = 32, 2
_SCANTY, _TEXT_WORDS, _BEGINNING, _A_FEW, _MOSTLY, _CLEAR = 20, 8, 12, 5, 0.5, 0.6
_LEADING_BLOCKS = 5
_NOTES_CHARS = 1000
_LONG_PIECE = 500


def has_sign_in_headers(observation: Observation) -> bool:
    """Whether the headers name a product that keeps robots out."""
    return not _HEADER_NAMES.isdisjoint(observation.headers)


def find_challenge(observation: Observation, page: Page | None, context: Context) -> Verdict | None:
    """Return `blocked` where an answer, whatever its status, is a bot wall; else None.

    Words alone count on a page that is nothing else: not where it shows what it was asked for, and not where
    it says more while the host answers an address that cannot exist in another way.
    """
    header = next((name for name in _HEADER_SIGNS if observation.headers.get(name)), None)
    if header:
        return _blocked("wall/challenge", f"the answer carries {header}: {observation.headers[header][:80]}")
    if _WALL_PATH.search(observation.final_url) and not _WALL_PATH.search(observation.url):
        return _blocked("wall/challenge", f"it was sent to a challenge: {observation.final_url}")
    if page is None or not page.is_html or page.substance >= _LITTLE:
        return None
    sign = _script_sign(page)
    words = _challenge_words(page, heads_only=refuses(observation, page, context))
    if sign and (words or page.text_words < _LITTLE):
        return _blocked(
            "wall/challenge", f"a challenge's script: {sign}", *((f"it says: {words}",) if words else ())
        )
    if words and page.text_words < _FEW_WORDS * 2 and not _treats_of_it(observation, page, context, words):
        return _blocked("wall/challenge", f"it says: {words}")
    return None


def _treats_of_it(observation: Observation, page: Page, context: Context, words: str) -> bool:
    """Whether a page speaks of challenges: it shows what was asked for, or more than a challenge would.

    On a host that refuses what it lacks the words have to be nearly all of title or heading, and of a page
    that does something or gives the number of a case.
    """
    if observation.status != HTTPStatus.OK:
        return False
    if shown_topic(page, read_address(observation.url), context):
        return True
    phrase = holds("challenge", words) or ""
    is_still = not (page.scripts or page.controls or page.noscript_text or _REFERENCE.search(page.main_text))
    is_more = is_still or page.main_words >= _SCANTY or len(phrase) < _CLEAR * len(words)
    return is_more and refuses(observation, page, context)


def find_login(observation: Observation, page: Page | None) -> Verdict | None:
    """Return `blocked` where a link was sent to a login, consent or region page; else None."""
    final = landing_url(observation, page) if page else observation.final_url
    if final != observation.url and lookup_key(final) != lookup_key(observation.url):
        asked, landed = read_address(observation.url), read_address(final)
        for rule, pattern, where in (
            ("wall/login", _LOGIN_PATH, "/".join(landed.segments)),
            ("wall/consent", _CONSENT_PLACE, f"{landed.host}/{'/'.join(landed.segments)}"),
            ("wall/region", _REGION_PATH, f"/{'/'.join(landed.segments)}"),
        ):
            if pattern.search(where) and not pattern.search("/".join(asked.segments)):
                return _blocked(rule, f"it was sent to {final}")
        if _LOGIN_HOST.match(landed.host) and not _LOGIN_HOST.match(asked.host) and landed.segments:
            return _blocked("wall/login", f"it was sent to {final}")
    return None


def find_region(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `blocked` where all a page says is for whom it is not: readers from here, or of an age."""
    if not page.is_html or page.substance >= _LITTLE:
        return None
    if shown_topic(page, read_address(observation.url), context):
        return None
    region = _first([page.title, *_leading(page)], "unavailable_here")
    if region:
        return _blocked("wall/region", f"it says: {region}")
    age = _first([page.title, page.main_heading], "age_gate") if page.main_words < _GATE_WORDS else None
    if age and (page.controls or not refuses(observation, page, context)):
        return _blocked("wall/age", f"it says: {age}")
    return None


def find_held_back(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `blocked` where a login form, a consent page or a paywall stands in place of the piece."""
    if not page.is_html or page.substance >= _LITTLE:
        return None
    return _login(observation, page, context) or _paywall(page) or _consent(observation, page, context)


def find_consent_for_any(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `blocked` where a consent page is all that any address of the host shows; else None."""
    if page.is_html and is_shown_for_any(observation, page, context):
        return _consent(observation, page, context)
    return None


def _login(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Tell a page that asks for a login and says little else; many pages invite to log in by the way."""
    if (page.substance and not page.password_fields) or _LOGIN_PATH.search(page.url.partition("?")[0]):
        return None
    told = _first_login(_asking_lines(page), page)
    heads = [page.title, page.main_heading]
    told = told or (_first_login(heads, page) if page.password_fields else None)
    if told is None:
        return None
    others = sum(block.words for block in _lines(page, least=0) if not _first_login([block.text], page))
    if shown_topic(page, read_address(observation.url), context):
        most, is_headed = (_A_FEW if page.password_fields and _is_below(told, page) else 1), False
    else:
        most = _BEGINNING if page.password_fields else _A_FEW
        is_plain = bool(page.password_fields) or not refuses(observation, page, context)
        is_headed = is_plain and _first_login(heads, page) is not None
    return _blocked("wall/login", f"it says: {told}") if is_headed or others < most else None


def _asking_lines(page: Page) -> list[str]:
    """Return the first lines and headings; a link alone asks for nothing where no form stands."""
    lead = [block for block in page.blocks if block.is_content or block.level][:_LEADING_BLOCKS]
    told = (block for block in lead if page.password_fields or block.level or not block.is_linked)
    return [block.text for block in told if len(block.text.split()) <= _SHORT * 2]


def _is_below(told: str, page: Page) -> bool:
    """Whether a text stands below the main heading, as what holds a piece back does, and no box in a menu."""
    texts = [block.text for block in page.blocks]
    at = next((number for number, text in enumerate(texts) if text[:160] == told), -1)
    return page.main_heading in texts[: max(at, 0)]


def _first_login(texts: list[str], page: Page) -> str | None:
    """Return the first text that asks for a login: beside a form, in several words, or in nearly only one."""
    for text in texts:
        phrase = holds("login", text)
        is_telling = phrase and (page.password_fields or " " in phrase or len(phrase) >= _MOSTLY * len(text))
        if is_telling:
            return text[:160]
    return None


def _paywall(page: Page) -> Verdict | None:
    told = (b.text for b in page.blocks if b.words <= _LITTLE and not _MENU_LINE.search(b.text))
    pay = _first(list(told), "paywall")
    is_little = page.text_words < _FEW_WORDS * 2 or bool(_lines(page))
    if pay and (page.holds_back or is_little) and not _shows_beginning(page):
        return _blocked("wall/paywall", f"nothing of the piece is shown: {pay}")
    return None


def _shows_beginning(page: Page) -> bool:
    """Whether lines of the content speak of something else than the paywall, more than a summary does."""
    return sum(block.words for block in _lines(page) if not holds("paywall", block.text)) >= _BEGINNING


def _lines(page: Page, *, least: int = _TEXT_WORDS) -> list[Block]:
    own = [block for block in page.blocks if block.is_content and not block.level and not block.is_linked]
    return [block for block in own if block.words >= least]


def _consent(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Tell a page that asks for consent and shows nothing else: a banner above a piece holds nothing back."""
    heads = [text for text in (page.title, *_leading(page)) if len(text.split()) <= _SHORT * 2]
    consent = _first(heads, "consent")
    if not consent or page.main_words >= _SOME or page.text_words >= _FEW_WORDS * 2:
        return None
    if _shows_a_piece(page) or shown_topic(page, read_address(observation.url), context):
        return None
    if not page.controls and refuses(observation, page, context):
        return None
    return _blocked("wall/consent", f"it says: {consent}")


def _shows_a_piece(page: Page) -> bool:
    """Whether there is content under a heading of its own that is none of the question for consent."""
    if not page.main_heading or _is_about_consent(page.main_heading):
        return False
    own = (block for block in page.blocks if block.is_content and not block.is_linked)
    told = [block for block in own if not _is_about_consent(block.text)]
    return any(block.level for block in told) and any(not block.level for block in told)


def _is_about_consent(text: str) -> bool:
    return any(holds(name, text) for name in ("consent", "consent_words"))


def paywall_note(page: Page) -> str | None:
    """Return a note for pieces behind a paywall that show their beginning, else None."""
    if not page.holds_back and page.main_words >= _LONG_PIECE:
        return None  # who shows so much of it holds nothing back: notes of a long piece are advertisements
    # A phrase stands in one of them: `subscribe` and `to read` in two are none.
    notes = "|".join(block.text for block in page.blocks if block.words <= _SHORT and not block.is_linked)
    if page.holds_back or holds("paywall", notes[-_NOTES_CHARS:]):
        return "a paywall shows the beginning of the piece"
    return None


def _script_sign(page: Page) -> str | None:
    text = page.script_text.lower() + " ".join(page.hosts)
    return next((sign for sign in marks("challenge_scripts") if sign in text), None)


def _challenge_words(page: Page, *, heads_only: bool) -> str | None:
    """Return what names a challenge: title or heading, or a short line of a page that says little else."""
    heads = [page.title, page.main_heading]
    lines = [text for text in _leading(page) if len(text.split()) <= _LINE_WORDS]
    if page.is_divided or heads_only:
        lines = []
    elif page.text_words >= _FEW_WORDS:
        lines = lines[:_FIRST_LINES]
    return _first([*heads, *lines, page.noscript_text[:200]], "challenge")


def _leading(page: Page) -> list[str]:
    return [block.text for block in page.blocks if block.is_content or block.level][:_LEADING_BLOCKS]


def _first(texts: list[str], name: str) -> str | None:
    return next((text[:160] for text in texts if text and holds(name, text)), None)


def _blocked(rule: str, *evidence: str) -> Verdict:
    return Verdict(outcome=Outcome.BLOCKED, rule=rule, evidence=evidence)
