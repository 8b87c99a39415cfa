"""Everything one can ask about cases, always through the eyes of the person who asks."""
