"""Durable jobs: audits in shards and batches, articles to read, leases of workers; the room of DBOS."""
