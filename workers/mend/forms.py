"""The forms of one address, from the given one to one that hardly any format can misread."""

import re

from workers.url import join

# What may not stand in an address at all: white space, controls, what the URL Standard always encodes.
NEVER = re.compile(r"[\s\x00-\x20\x7f\"<>`{}|\\^\ud800-\udfff]")
# Signs that formats read as their own: brackets, quotes, lists.
AWKWARD = re.compile(r"[()\[\]'*,;!$~_|]")
LAST = re.compile(r"[^\w/=&#%-]\Z|_\Z", re.ASCII)
AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/*[^/?#]*")


def forms_of(address: str) -> tuple[str, ...]:
    """Return `address` as given, as the URL Standard writes it, and with awkward signs percent-encoded.

    A form that no document could hold (with white space, say) is left out.
    """
    serialised = join(address) or address
    careful = _encoded_after_authority(serialised, LAST)
    strict = _encoded_after_authority(careful, AWKWARD)
    forms = dict.fromkeys((address, serialised, careful, strict))
    return tuple(form for form in forms if not NEVER.search(form))


def _encoded_after_authority(address: str, signs: re.Pattern[str]) -> str:
    head = AUTHORITY.match(address)
    at = head.end() if head else 0
    return address[:at] + signs.sub(lambda sign: _percent(sign[0]), address[at:])


def _percent(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode())
