"""The revisions, in the order of their numbers; they add first and drop one release later."""
