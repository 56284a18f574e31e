"""Finds on an article's original page the links that its copy has lost: text aligned with text, pure."""
