"""The blueprint all pages of cases hang on, and who may come in at all."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__)

WORKING = ("coordinator", "team-lead", "worker", "school-contact", "bridge-person", "clb")
"""Roles that have steps; what each of them sees is decided case by case."""
