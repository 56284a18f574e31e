"""The OpenAPI 3.1 description, made from the same operations and models that serve requests."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.api.operation import JSON, Answer, Operation, Resource
from service.api.problem import MEDIA_TYPE, Problem

REFERENCE = "#/components/schemas/{model}"
EXAMPLES = {
    "text/markdown": "# Rivers\n\nThey [said](https://example.org/rivers) so.\n",
    "text/html": '<h1>Rivers</h1>\n<p>They <a href="https://example.org/rivers">said</a> so.</p>\n',
    "text/plain": "Rivers\n\nThey said so: https://example.org/rivers\n",
}
LICENSE = {"name": "MIT", "identifier": "MIT"}
Mode = Literal["validation", "serialization"]


def describe(resources: Sequence[Resource], *, title: str, version: str, summary: str) -> dict[str, Any]:
    """Return the OpenAPI document of `resources`."""
    operations = [operation for resource in resources for operation in resource.operations]
    schemas, definitions = _schemas_of(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "summary": summary,
            "license": LICENSE,
        },
        "tags": [{"name": r.tag, "description": r.description} for r in resources],
        "paths": paths,
        "components": {"schemas": definitions},
    }


Schemas = Mapping[tuple[Any, Mode], dict[str, Any]]


def _schemas_of(operations: Iterable[Operation]) -> tuple[Schemas, dict[str, Any]]:
    """Return the schema of each model that occurs, and the definitions they point to."""
    wanted: dict[tuple[type[BaseModel], Mode], None] = {(Problem, "serialization"): None}
    for operation in operations:
        if operation.body is not None:
            wanted[operation.body, "validation"] = None
        for answer in operation.answers.values():
            if answer.model is not None:
                wanted[answer.model, "serialization"] = None
    schemas, top = models_json_schema(list(wanted), ref_template=REFERENCE)
    return schemas, top.get("$defs", {})


def _operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    summary, _, rest = inspect.cleandoc(operation.handler.__doc__ or "").partition("\n")
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": summary.rstrip("."),
        "description": rest.strip(),
        "parameters": _parameters(operation),
        "responses": {
            str(status): _answer(status, answer, schemas) for status, answer in _answers(operation).items()
        },
    }
    if operation.takes_body:
        described["requestBody"] = {"required": True, "content": _body(operation, schemas)}
    return {key: value for key, value in described.items() if value not in ([], "")}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    places = (("path", operation.path_model), ("query", operation.query), ("header", operation.headers))
    return [
        parameter for place, model in places if model is not None for parameter in _fields(model, place=place)
    ]


def _fields(model: type[BaseModel], *, place: str) -> list[dict[str, Any]]:
    """Return the fields of `model` as parameters; their schemas stand inline, without titles."""
    schema = model.model_json_schema(mode="validation")
    definitions = schema.get("$defs", {})
    required = set(schema.get("required", ()))
    found = []
    for name, described in schema["properties"].items():
        inner = _inlined(described, definitions)
        parameter: dict[str, Any] = {
            "name": name,
            "in": place,
            "required": name in required,
        }
        if text := inner.pop("description", None):
            parameter["description"] = text
        found.append(parameter | {"schema": inner})
    return found


def _inlined(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema without references, and without the null that only means 'not given'."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    merged = {**schema, **kinds[0]} if len(kinds) == 1 else dict(schema)
    if len(kinds) == 1:
        del merged["anyOf"]
    if "$ref" in merged:
        merged = {**definitions[merged.pop("$ref").rsplit("/", 1)[1]], **merged}
    merged.pop("title", None)
    if merged.get("default", ...) is None:
        del merged["default"]
    return merged


def _body(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if operation.body is not None:
        content[JSON] = {"schema": schemas[operation.body, "validation"]}
    for media_type in operation.uploads:
        # Any bytes: what they hold is for a reader to say, not for a schema.
        content[media_type] = {"schema": {}}
        if media_type in EXAMPLES:
            content[media_type]["example"] = EXAMPLES[media_type]
    return content


def _answers(operation: Operation) -> dict[int, Answer]:
    """Return the answers of an operation with the problems that its parts can bring."""
    answers = dict(operation.answers)
    if answers.get(200) and answers[200].model is not None:
        answers.setdefault(304, Answer(description="Not changed since the ETag that was named."))
    expected = {
        400: operation.query or operation.headers or operation.body,
        403: operation.method not in {"GET", "HEAD"},
        404: operation.path_model,
        413: operation.takes_body,
        415: operation.takes_body,
        422: operation.takes_body,
    }
    for status, possible in expected.items():
        if possible:
            answers.setdefault(status, Answer(description=HTTPStatus(status).phrase, problem=True))
    return dict(sorted(answers.items()))


def _answer(status: int, answer: Answer, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.description or HTTPStatus(status).phrase}
    if answer.problem:
        described["content"] = {MEDIA_TYPE: {"schema": schemas[Problem, "serialization"]}}
    elif answer.model is not None:
        schema = schemas[answer.model, "serialization"]
        described["content"] = {answer.media_type or JSON: {"schema": schema}}
    elif answer.media_type is not None:
        kind = "string" if answer.media_type.startswith("text/") else "object"
        described["content"] = {answer.media_type: {"schema": {"type": kind}}}
    if answer.media_types:
        others: dict[str, Any] = {media_type: {"schema": {}} for media_type in answer.media_types}
        described["content"] = described.get("content", {}) | others
    if answer.headers:
        described["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in answer.headers.items()
        }
    if answer.links:
        described["links"] = {
            name: {"operationId": target, "parameters": dict(values)}
            for name, (target, values) in answer.links.items()
        }
    return described
