"""The service as a Memento archive (RFC 7089): TimeGate, TimeMaps and mementos of what is known here."""
