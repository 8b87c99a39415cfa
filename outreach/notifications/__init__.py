"""The post room: addresses, letters, lines and their delivery; it knows nobody."""
