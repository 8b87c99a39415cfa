"""Lists that come in: read, checked, matched and accounted for row by row."""
