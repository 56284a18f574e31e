"""Pages that archives hold of one story, right ones and traps, for tests of the choice."""

STORY_URL = "http://example.org/science/voyager-probe-leaves-heliosphere"
ANCHOR = "Voyager probe leaves the heliosphere"

STORY = (
    "The Voyager probe has left the heliosphere, scientists said on Tuesday, after months of readings that"
    " pointed to a sudden drop in particles from the Sun. The instrument that measures plasma density showed"
    " a jump by a factor of forty, which fits what models expect of the space between the stars."
    " Engineers switched off a heater to save power and sent new commands, which take almost twenty hours to"
    " arrive. The team expects the last instrument to run for another five years before the supply is too"
    " weak. Nobody had planned for a mission this long, the project scientist told reporters, and every"
    " year of data from out there is a gift. The probe was launched forty years ago to visit two planets."
)
CHANGED = (
    "The Voyager probe was switched to its backup thrusters this spring. A new generation of receivers in the"
    " southern desert now listens to both spacecraft, and the archive of raw measurements moved to another"
    " institute, where students can request copies by mail. A museum opened an exhibition with the spare"
    " model, the golden record and letters from children of five continents. Tickets sell out weeks ahead,"
    " the director wrote, because families come from far away to hear the greetings in so many languages."
    " The catalogue costs twelve euros and lists each of the pictures with its photographer and its place."
)
OTHER = (
    "Bake the dough for forty minutes until the crust is brown and sounds hollow when you knock on it. Let it"
    " rest on a rack, under a cloth, for at least an hour. Rye needs more water than wheat, so do not worry"
    " when the dough sticks to your fingers. Fold it three times with wet hands and leave it in a basket that"
    " you dusted well with flour. The oven should be as hot as it can be when the loaf goes in, with a cup of"
    " water in a tray below for steam. After ten minutes take the tray away and turn the heat down slowly."
)


def page(title: str, text: str, *, head: str = "") -> bytes:
    """Return a plain page with a heading and three paragraphs of `text`."""
    third = len(text) // 3
    parts = (text[:third], text[third : 2 * third], text[2 * third :])
    paragraphs = "".join(f"<p>{part}</p>" for part in parts)
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head>"
        f"<body><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>"
    ).encode()


GOOD = page("Voyager probe leaves the heliosphere", STORY)
SLIGHTLY_CHANGED = page("Voyager probe leaves the heliosphere", STORY.replace("five years", "six years"))
HALF_CHANGED = page(
    "Voyager probe leaves the heliosphere", STORY[: len(STORY) // 2] + CHANGED[: len(CHANGED) // 3]
)
DRIFTED = page("Voyager probe: news", CHANGED)
WRONG = page("Rye bread for beginners", OTHER)
SOFT_404 = page(
    "Page not found",
    "Sorry, the page you are looking for does not exist. It may have been moved or deleted. "
    "Please check the address or go back to the home page.",
)
SOFT_404_GERMAN = page(
    "Seite nicht gefunden",
    "Die gewünschte Seite wurde leider nicht gefunden. Bitte prüfen Sie die Adresse oder suchen Sie danach.",
)
CHALLENGE = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser before"
    b" accessing example.org</h1><p>Enable JavaScript and cookies to continue</p>"
    b'<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>'
)
CONSENT = page(
    "Before you continue",
    "We value your privacy. We and our partners use cookies. Accept all. Reject all. Manage your choices.",
)
LOGIN = (
    b"<!doctype html><html><head><title>Log in</title></head><body><h1>Log in to continue</h1>"
    b'<form><input name="user"><input type="password" name="password"><button>Log in</button></form>'
    b"</body></html>"
)
PARKED = page(
    "example.org is for sale",
    "This domain is for sale. Buy this domain now. Make an offer and the domain example.org can be yours.",
)
SHELL = (
    b"<!doctype html><html><head><title>Loading</title></head><body><div id='root'></div>"
    b"<script src='/static/app.js'></script></body></html>"
)
THIN = b"<!doctype html><html><head><title>Voyager</title></head><body><p>Voyager probe.</p></body></html>"
HOME = page("Example News", "Sport Politics Weather Subscribe. " + OTHER)
PDF = b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog >> endobj\n" * 60
