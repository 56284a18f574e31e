"""The `linkwright` command: a module a group of commands, and the only place that wires concrete parts."""
