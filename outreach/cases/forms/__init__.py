"""The shape of what people say about cases."""
