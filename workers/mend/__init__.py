"""Writing an article with new addresses, in its own format and with everything else as it was."""
