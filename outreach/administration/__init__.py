"""Organisations and areas kept up by people, with what a change does to the dates of open steps."""
