"""What people decide on the pages: forms that work without scripts, answered with the page they came from."""

from collections.abc import Mapping
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from service.api.citations import DecisionRequest, keep_decision
from service.api.links import HoldRequest, keep_hold
from service.api.problem import RequestProblem
from service.pages.site import id_of, told_as_page
from service.store.values import Decided
from workers.model import Standing

LIFT = "lift"
Form = TypeVar("Form", bound=BaseModel)


@told_as_page
async def decide_on_page(request: web.Request) -> web.StreamResponse:
    """Keep a decision about a citation and show its article again."""
    given = dict(await _given(request, ("choice", "url", "note", "by", "accept")))
    if given.get("choice") != Decided.SET:
        # One form: what was typed beside the other buttons is not meant.
        given.pop("url", None)
    if accepted := given.pop("accept", ""):
        given |= {"choice": Decided.ACCEPT, "url": accepted}
    stored = await keep_decision(request, id_of(request), _read(DecisionRequest, given))
    cursor = (await request.post()).get("cursor")
    page = request.app.router["article"].url_for(id=str(stored.article_id))
    if isinstance(cursor, str) and cursor:
        page = page.with_query(cursor=cursor)
    raise web.HTTPSeeOther(page.with_fragment(f"citation-{stored.id}"))


@told_as_page
async def hold_on_page(request: web.Request) -> web.StreamResponse:
    """Hold a link as alive or dead, or lift that, and show it again."""
    given = await _given(request, ("hold", "reason"))
    hold: Standing | None = None
    if given.get("hold") != LIFT:
        hold = _read(HoldRequest, given).hold
    stored = await keep_hold(request, id_of(request), hold, given.get("reason"))
    raise web.HTTPSeeOther(request.app.router["link"].url_for(id=str(stored.id)))


async def _given(request: web.Request, names: tuple[str, ...]) -> Mapping[str, str]:
    """Return the fields of the form that were filled in."""
    form = await request.post()
    return {name: value for name in names if isinstance(value := form.get(name), str) and value.strip()}


def _read(model: type[Form], given: Mapping[str, str]) -> Form:
    """Return the form as the API's own model reads it.

    Raises:
        RequestProblem: 422, a field cannot be used.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        flaws = [
            f"{'.'.join(map(str, each['loc'])) or 'the form'}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_url=False, include_context=False)
        ]
        raise RequestProblem(422, "invalid-form", detail=f"Cannot be used: {'; '.join(flaws)}.") from None
