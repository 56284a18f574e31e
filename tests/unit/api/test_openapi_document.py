"""The OpenAPI document: valid, complete, and made of the models that validate."""

import json
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from service.api.documentation import openapi_document
from service.app import RESOURCES

DOCUMENT: dict[str, Any] = json.loads(openapi_document(RESOURCES))


def every_schema(node: Any):
    """Yield every dictionary in a document."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from every_schema(value)
    elif isinstance(node, list):
        for value in node:
            yield from every_schema(value)


def test_the_document_is_valid_openapi_3_1():
    assert [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_bounds_keep_their_names_around_a_validator():
    strays = [key for node in every_schema(DOCUMENT) for key in node if key in {"ge", "le", "gt", "lt"}]
    assert strays == []
    limit = next(p for p in DOCUMENT["paths"]["/v1/articles"]["get"]["parameters"] if p["name"] == "limit")
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}


def test_every_operation_has_an_id_a_summary_and_described_answers():
    seen = set()
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert operation["summary"], place
            assert operation["operationId"] not in seen, place
            seen.add(operation["operationId"])
            assert all(answer["description"] for answer in operation["responses"].values()), place


def test_what_the_contract_names_is_there():
    assert set(DOCUMENT["paths"]) >= {
        "/v1/articles",
        "/v1/articles/{id}",
        "/v1/articles/{id}/citations",
        "/v1/links",
        "/v1/links/{id}",
        "/v1/links/{id}/observations",
        "/v1/audits",
        "/v1/audits/{id}",
        "/v1/jobs/{id}",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
    }


def test_a_body_that_needs_one_of_its_fields_says_so():
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["ArticleSubmission"]["anyOf"] == [{"required": ["content"]}, {"required": ["url"]}]
    assert schemas["ArticleSubmission"]["properties"]["content"]["type"] == "string"
    assert "null" not in json.dumps(schemas["AuditRequest"])
