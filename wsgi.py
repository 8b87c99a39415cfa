"""The web application for a production server: `gunicorn wsgi:app`."""

import config
from outreach.application import create_app

app = create_app(config.load(), production=True)
