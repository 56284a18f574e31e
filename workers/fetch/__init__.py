"""The only door to the web: guard, session, politeness, one observation."""
