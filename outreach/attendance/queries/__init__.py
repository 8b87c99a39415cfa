"""What one can ask about presence."""
