"""What observations say of a link: pure rules, each with a name."""
