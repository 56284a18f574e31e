"""Parameters that say who clicked where, and name no resource: campaign tags and click identifiers."""

import re
from collections.abc import Iterator

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.slug import joined_url, split_url

# By the shape of the name: a vendor's prefix, '…clid', '…campaign', or the mark of a newsletter tool.
_TRACKING_NAME = regex(
    r"(?:utm|mc|mtm|pk|piwik|matomo|hsa|itm|stm|oly|vero|guce|fb|ns|at|trk|wt|sc|cm|ga|icm|mkt|elq|iterable|sailthru|__hs|_hs)_\w+"
    r"|\w*(?:cl(?:k|ick)?_?id|braid|gclsrc)"
    r"|_hs(?:enc|mi|fp)|__[a-z]{2,3}(?:tc|ssc|fp)|igsh(?:id)?|mkt_tok|yclid|_openstat|wickedid"
    r"|\w*campaign(?:_?id|_?name)?|xtor|ref_(?:src|url)|s_cid|ncid|cmpid|guccounter|rb_clickid|ml_subscriber\w*"
    r"|__\w+_impression|gad_source|ocid|smid|smtyp|ftag|trk|cmp|ito|taid|echobox|mibextid|s_kwcid|ef_id"
    r"|__(?:cft|tn|xts|eep|so)__(?:(?:\[|%5B)\d*(?:\]|%5D))?|usqp|amp_(?:js_v|gsa|r|lite|kit)|aoh|ampshare"
    r"|spm|scm|soc_(?:src|trk)|tsrc|li_fat_id|ttclid|epik|dm_i|trackingid|tracking_id",
    re.IGNORECASE,
)
_ODDS = 5.0


def untracked(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address without the tracking parameters of its query and its fragment."""
    origin, path, query, fragment = split_url(url)
    if not origin or ("=" not in query and "=" not in fragment):
        return
    kept_query, gone = _without_tracking(query)
    kept_fragment, gone_too = _without_tracking(fragment[1:])
    if not gone + gone_too:
        return
    left = joined_url(origin, path, kept_query, f"#{kept_fragment}" if kept_fragment else "")
    names = ", ".join(dict.fromkeys(gone + gone_too))
    yield (
        left,
        Edit(
            rule="tracking", evidence=f"parameters of tracking: {names}", warrant=Warrant.VISIBLE, odds=_ODDS
        ),
    )


def without_tracking(url: str) -> str:
    """Return the address without the parameters of tracking in its query."""
    origin, path, query, fragment = split_url(url)
    return joined_url(origin, path, _without_tracking(query)[0], fragment) if "=" in query else url


def _without_tracking(query: str) -> tuple[str, list[str]]:
    kept: list[str] = []
    gone: list[str] = []
    for parameter in query.split("&"):
        name, equals, _ = parameter.partition("=")
        if equals and _TRACKING_NAME.fullmatch(name):
            gone.append(name)
        else:
            kept.append(parameter)
    return "&".join(kept), gone
