"""The field: organisations, areas and their municipalities, routing, windows, closing days, agreements."""
