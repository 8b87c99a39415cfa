"""The Flask application, assembled: rooms from bottom to top, nothing else happens here."""

from pathlib import Path

from flask import Flask
from flask_alembic import Alembic
from whitenoise import WhiteNoise

from config import CHECKOUT, Settings
from outreach import accounts, cases, children, clock, crypto, imports, labels, notifications, partners, training
from outreach.accounts.loading import language_of_request
from outreach.database import engine, guard, metadata
from outreach.errors import Unsound
from outreach.extensions import babel, csrf, db, login_manager
from outreach.web import pages
from outreach.web.access import keep_the_door
from outreach.web.routes import blueprint as web_blueprint

ROOMS = (notifications, partners, accounts, children, cases, imports, training)

alembic = Alembic(metadatas=metadata, run_mkdir=False)


def create_app(settings: Settings, *, production: bool = False) -> Flask:
    """Assemble the application for these settings. Raises Unsound when they must not be started with."""
    if production and settings.training:
        raise Unsound("training_in_production")
    crypto.install(crypto.FieldKeys.parse(settings.field_keys))
    clock.start_from(settings.now)
    app = Flask(
        __name__, static_folder=str(Path(__file__).parent / "static"), template_folder=str(CHECKOUT / "templates")
    )
    _configure(app, settings)
    _extend(app)
    app.before_request(keep_the_door)
    app.register_blueprint(web_blueprint)
    pages.register(app)
    for room in ROOMS:
        room.register(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=app.static_folder, prefix="static/", max_age=3600
    )
    return app


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_ENGINES={"default": engine.engine_options(settings.database_url)},
        ALEMBIC={"script_location": str(CHECKOUT / "migrations")},
        ALEMBIC_CONTEXT={"render_as_batch": True, "compare_type": True},
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_TRANSLATION_DIRECTORIES=str(CHECKOUT / "translations"),
        SESSION_COOKIE_NAME="outreach",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        MAX_CONTENT_LENGTH=40 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        TESTING=settings.testing,
        READY_CHECKS={},
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _extend(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        engine.prepare(db.engine)
        guard.guard(db.engine)
    alembic.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    babel.init_app(app, locale_selector=lambda: labels.locale(language_of_request()))
