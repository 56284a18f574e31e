"""Every query: rows to values and back."""
