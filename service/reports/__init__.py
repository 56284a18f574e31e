"""Reports on a run, one module a format."""
