"""The service around the workers: records, REST, pages, reports and the command."""

__version__ = "0.1.0"
