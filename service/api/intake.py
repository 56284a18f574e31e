"""Intake: the parts of a request, validated by the models that describe them.

Query and path values that cannot be used give 400 and 404, a body that is no JSON 400, one that is not
what its schema says 422, one of another media type 415, one that is too large 413; each names the place.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from aiohttp import web
from multidict import MultiMapping
from pydantic import BaseModel, ValidationError

from service.api.operation import JSON, Operation, Upload
from service.api.problem import Flaw, RequestProblem, not_found

_MESSAGE_PREFIXES = ("Value error, ", "Assertion failed, ")
# How pydantic writes a member of an enumeration: <Standing.HELD_ALIVE: 'held_alive'>.
_MEMBER = re.compile(r"<\w+\.\w+: ('[^'>]*')>")


def bind(operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return the aiohttp handler that reads the parts of a request and calls the operation with them."""

    async def call(request: web.Request) -> web.StreamResponse:
        parts: dict[str, Any] = {}
        if operation.path_model is not None:
            parts["path"] = _read_path(request, operation.path_model, what=operation.tag.removesuffix("s"))
        if operation.query is not None:
            parts["query"] = _read_values(request.query, operation.query, place="parameter")
        if operation.headers is not None:
            parts["headers"] = _read_values(request.headers, operation.headers, place="header")
        if operation.takes_body:
            parts["body"] = await _read_body(request, operation)
        return await operation.handler(request, **parts)

    return call


def _read_path(request: web.Request, model: type[BaseModel], *, what: str) -> BaseModel:
    """Return the path's values; an identity of the wrong shape names nothing, so it is 404."""
    try:
        return model.model_validate(dict(request.match_info))
    except ValidationError:
        raise not_found(what, "/".join(request.match_info.values())) from None


def _read_values(values: MultiMapping[str], model: type[BaseModel], *, place: str) -> BaseModel:
    """Return query parameters or headers as `model`; each may be given once."""
    flaws = []
    found: dict[str, str] = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        given = values.getall(key, [])
        if len(given) > 1:
            flaws.append(Flaw.model_validate({"detail": "Given more than once.", place: key}))
        elif given:
            found[key] = given[0]
    try:
        if not flaws:
            return model.model_validate(found)
    except ValidationError as error:
        flaws = [
            Flaw.model_validate({"detail": _message(e), place: str(e["loc"][0]) if e["loc"] else None})
            for e in error.errors(include_url=False, include_context=False)
        ]
    kind = "invalid-parameter" if place == "parameter" else "invalid-header"
    raise RequestProblem(400, kind, detail=_summary(flaws), errors=flaws)


async def _read_body(request: web.Request, operation: Operation) -> BaseModel | Upload:
    media_type = request.content_type if "Content-Type" in request.headers else ""
    if operation.body is not None and media_type == JSON:
        return _read_json(await request.read(), operation.body)
    if media_type in operation.uploads:
        content = await request.read()
        return Upload(media_type=media_type, charset=request.charset, content=content)
    taken = ([JSON] if operation.body is not None else []) + list(operation.uploads)
    raise RequestProblem(
        415,
        "unsupported-media-type",
        detail=f"A body of type {media_type[:100]!r} is not taken; Accept-Post names what is.",
        headers={"Accept-Post": ", ".join(taken)},
    )


def _read_json(content: bytes, model: type[BaseModel]) -> BaseModel:
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise RequestProblem(
            400,
            "invalid-json",
            detail=f"The request body is not JSON: {reason}.",
            errors=[Flaw(detail=reason, pointer="#")],
        ) from None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        flaws = [
            Flaw(detail=_message(e), pointer=pointer(e["loc"]))
            for e in error.errors(include_url=False, include_context=False)
        ]
        raise RequestProblem(422, "invalid-body", detail=_summary(flaws), errors=flaws) from None


def _refuse_constant(name: str) -> float:
    """Refuse NaN and the infinities, which JSON does not have (RFC 8259, 6)."""
    raise ValueError(f"{name} is no JSON value")


def pointer(place: Iterable[int | str]) -> str:
    """Return a place in a JSON document as a JSON Pointer in a URI fragment (RFC 6901, 6)."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)


def _message(error: Mapping[str, Any]) -> str:
    message = _MEMBER.sub(r"\1", str(error["msg"]))
    for prefix in _MESSAGE_PREFIXES:
        message = message.removeprefix(prefix)
    return message if message.endswith(".") else message + "."


def _summary(flaws: list[Flaw]) -> str:
    places = ", ".join(f.pointer or f.parameter or f.header or "the whole" for f in flaws[:5])
    return f"Cannot be used: {places}."
