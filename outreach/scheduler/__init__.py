"""The clock: which job has its turn when, and that each turn is taken once."""
