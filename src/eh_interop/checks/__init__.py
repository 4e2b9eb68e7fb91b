"""One record in, one report out: shape, completeness, consistency, and the rules across records."""
