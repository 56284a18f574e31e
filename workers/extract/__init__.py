"""Finding every link and citation of a document, one module a format."""
