"""The only door to archives, and our own WARC files."""
