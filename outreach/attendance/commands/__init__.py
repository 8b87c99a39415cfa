"""What changes: a report is received."""
