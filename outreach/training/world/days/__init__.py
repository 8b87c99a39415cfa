"""A day of the world for each kind of partner: what comes of it depends on the family's fate and on chance."""
