"""Everything that changes a case: one command for each thing a person can say; none of them commits."""
