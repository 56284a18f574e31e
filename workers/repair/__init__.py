"""Repair of damaged addresses: candidates with a rule, a score and evidence."""
