"""Everything that is done to one link or one article, apart from any service around it."""
