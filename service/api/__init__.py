"""REST resources, one module each: parse, ask the store, shape."""
