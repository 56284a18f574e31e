"""The service around the workers: records, REST, pages, reports and the command."""
