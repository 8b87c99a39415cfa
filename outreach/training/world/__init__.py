"""The invented world: the same for everybody on the same day, and believable on any day of the year."""
