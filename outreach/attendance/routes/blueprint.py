"""The blueprint the pages of attendance hang on."""

from flask import Blueprint
from werkzeug.wrappers import Response

Page = str | Response | tuple[str, int]

blueprint = Blueprint("attendance", __name__)
