"""Operations: what a method on a path takes and answers, declared once beside its handler.

The same models validate a request (`service/api/intake.py`) and describe it (`service/api/openapi.py`).
"""

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel

Handler = Callable[..., Awaitable[web.StreamResponse]]

JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A request body as it came: its media type without parameters, its charset or None, its bytes."""

    media_type: str
    charset: str | None
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer an operation may give.

    `model` is None for an empty body, or for a body that is not JSON (`media_type` says which, or
    `media_types` where it may be one of several, each any bytes). Both together: JSON, or one of those.
    `problem` says that it is one. `links` names follow-up operations: name -> (operation id, its path
    parameters as expressions).
    """

    description: str
    model: type[BaseModel] | None = None
    media_type: str | None = None
    media_types: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    problem: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method on a path: its handler, the models of its parts, its answers by status.

    `uploads` are the media types that reach the handler as an `Upload`; `body` is the model of a JSON body.
    """

    method: str
    path: str
    tag: str
    handler: Handler
    answers: Mapping[int, Answer]
    path_model: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    headers: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    uploads: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The operation id: the handler's own name."""
        return self.handler.__name__

    @property
    def takes_body(self) -> bool:
        """Whether a request body is read."""
        return self.body is not None or bool(self.uploads)


class Resource:
    """The operations on one kind of thing, collected by decorating their handlers.

    A handler takes the request and, by keyword, the parts it names: `path`, `query`, `headers`, `body`,
    each annotated with its model. A `body` may be a model, an `Upload`, or either.
    """

    def __init__(self, tag: str, description: str) -> None:
        self.tag = tag
        self.description = description
        self.operations: list[Operation] = []

    def get(self, path: str, *, answers: Mapping[int, Answer]) -> Callable[[Handler], Handler]:
        """Declare the decorated handler as GET (and HEAD) of `path`."""
        return self._declare("GET", path, answers=answers)

    def post(
        self, path: str, *, answers: Mapping[int, Answer], uploads: Sequence[str] = ()
    ) -> Callable[[Handler], Handler]:
        """Declare the decorated handler as POST of `path`; `uploads` are media types taken as they are."""
        return self._declare("POST", path, answers=answers, uploads=uploads)

    def delete(self, path: str, *, answers: Mapping[int, Answer]) -> Callable[[Handler], Handler]:
        """Declare the decorated handler as DELETE of `path`."""
        return self._declare("DELETE", path, answers=answers)

    def _declare(
        self, method: str, path: str, *, answers: Mapping[int, Answer], uploads: Sequence[str] = ()
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            parts = _parts_of(handler)
            self.operations.append(
                Operation(
                    method=method,
                    path=path,
                    tag=self.tag,
                    handler=handler,
                    answers=answers,
                    path_model=parts.get("path"),
                    query=parts.get("query"),
                    headers=parts.get("headers"),
                    body=parts.get("body"),
                    uploads=tuple(uploads),
                )
            )
            return handler

        return declare


def _parts_of(handler: Handler) -> dict[str, type[BaseModel]]:
    """Return the models that a handler names for `path`, `query`, `headers` and `body`."""
    hints: dict[str, Any] = typing.get_type_hints(handler)
    parts = {}
    for name in ("path", "query", "headers", "body"):
        for hint in typing.get_args(hints.get(name)) or (hints.get(name),):
            if inspect.isclass(hint) and issubclass(hint, BaseModel):
                parts[name] = hint
    return parts
