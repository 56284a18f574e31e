"""Which dotted words of prose are names in code rather than hosts: `item.name`, `self.app`, `v1.io`.

Most newer suffixes of the name system are plain words, and code writes the same words behind a dot. What
stands before it tells them apart: code has a few hundred usual names there, a site has a name of its own.
"""

import re

# Words that code and sites have behind a dot alike; `info` and `net` are old, and mostly a site's.
OLD = frozenset({"info", "net"})
_WORDS = """
app art audio blog bot build cam cash chat city cloud club community dev docs dot engineering fun global
health help id ink io land live link network news online page press pro pub rocks run science site social
software solutions store stream studio tech technology today web website wiki world xyz
"""
WORDS = frozenset(_WORDS.split())
# What things have: rarely the end of a site's name, often that of a property.
_PROPERTIES = """
able active bar best bid book box call cards case catalog center click codes company contact cool
country credit data date day deal delivery design diet direct directory discount download earth email
energy events exchange expert express fail family fast feedback film final fit foo form free fund game
games gift graphics green group guide here holiday host hot hotel house how jobs join kids law lease legal
life limited loan locker map market men menu mobile money name network new next now off one open page
parts pay phone photo photos pictures pid pin ping place play plus post prime prof promo properties
property protection radio read red rent repair report rest review reviews room safe sale save school
science search secure security select services show sky space spot style supply support systems target tax
team tel tickets tips tools top total toys trade training trust video vote watch weather win work works
zero zone
"""
PROPERTIES = frozenset(_PROPERTIES.split())
# What code calls its things. `SUBDOMAINS` among them stand in front of real hosts as well.
_SUBDOMAINS = """
account api app apps auth blog cdn client data db demo dev doc docs document documents file files forum
git help host image images img json link mail map maps media message messages my news page pages photo
photos post posts search server service services source src static stats status store stream task team
test tests time token user users video videos web world
"""
SUBDOMAINS = frozenset(_SUBDOMAINS.split())
_RECEIVERS = """
args argv arr array article attr attribute attrs author ax axes bar base baz book btn buf buffer button
cache calendar callback camera card cell cfg chart child children class cli clock cls cluster col color
column comment common component conf config conn console const container context core crypto css ctx cur
current cursor customer date datetime def dest device dialog dict dir dist dom driver edge elem element
elements employee entity entry env environ err error errors event events evt exports field fields figure
font foo form fs func function game global globals graph grid group handler hash header headers heap
helper helpers history href html http https idx index info init inner input inst instance invoice item
items iter job jobs kernel key keys kwargs label layer layout len lib light lines list local locals
location lock log logger logging main material math member menu mesh meta method mod modal model models
module mouse msg mutex name navigator net node nodes note num obj object objects opt options opts order
orders out output outer package panel param params parent parser path patient payload pd performance
person phone pipe pkg player plot plt point prev proc process product products profile project promise
prop props ptr query queue random rec record rect ref refs rel repo req request res resp response result
results ret root route router row rows schema screen self series session set settings signal size slide
slot sql stack state stdin stdout step str string student style sub sum super svg sys system tab table tag
tags target temp tensor text thead this thread ticket timer tmp torch total track tree tuple type types
uri url urllib util utils uuid val value values var vars vector vertex view views widget window worker xml
yaml
"""
RECEIVERS = frozenset(_RECEIVERS.split())
NAMES = SUBDOMAINS | RECEIVERS
VERSION = re.compile(r"v?\d[\dA-Za-z]*", re.IGNORECASE)
CAMEL = re.compile(r"[a-z]+[A-Z]")
# What a writer says before a site's name.
_CUES = (
    "visit|visiting|website|site|domain|homepage|webpage|url|besuchen sie|webseite|internetseite|visitez"
    "|le site|consultez|visite|visita|sitio web|sito|página web|сайт|сайте|сайта|网站|網站|サイト"
    "|strona|stronie|situs"
)
CUE = re.compile(rf"(?:{_CUES})[\s:\uff1a]{{1,3}}[\"'“«„(]?\Z", re.IGNORECASE)
CUE_WINDOW = 30


def is_code_name(host: str) -> bool:
    """Whether `host`, well formed and under a known suffix, rather is a name in code."""
    *front, name, last = host.split(".")
    suffix = last.lower()
    if suffix not in PROPERTIES and suffix not in WORDS and suffix not in OLD:
        return False
    if name.lower() in NAMES or (front and front[0].lower() in RECEIVERS):
        return True
    if suffix in OLD:
        return False
    is_short = len(name) == 1 and len(front) <= 1
    return is_short or _is_written_as_code(name) or (suffix in PROPERTIES and "-" not in name)


def _is_written_as_code(name: str) -> bool:
    return VERSION.fullmatch(name) is not None or CAMEL.match(name) is not None


def names_a_site(text: str, at: int) -> bool:
    """Whether the words before `at` say that the name of a site follows."""
    return CUE.search(text, max(0, at - CUE_WINDOW), at) is not None
