"""The Flask application, assembled: rooms from bottom to top, nothing else happens here."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import CHECKOUT, Settings
from outreach import clock, crypto, labels, schema
from outreach.accounts import routes as accounts
from outreach.administration import routes as administration
from outreach.attendance import routes as attendance
from outreach.cases import routes as cases
from outreach.database import engine, guard
from outreach.errors import Unsound
from outreach.extensions import babel, csrf, db, login_manager
from outreach.imports import routes as imports
from outreach.notifications import routes as notifications
from outreach.scheduler.models import JobRun
from outreach.training import routes as training
from outreach.training.queries import is_training_database
from outreach.web import assets, device, helping, pages
from outreach.web.access import keep_the_door
from outreach.web.routes import blueprint as web_blueprint

TABLES_WITHOUT_PAGES = (JobRun,)
"""Rooms without pages whose tables the migrations are still to know."""

STATIC = Path(__file__).parent / "static"
"""Style, scripts, icons and type of the pages."""

ROOMS = (notifications, accounts, cases, attendance, imports, administration, training)


def create_app(settings: Settings, *, production: bool = False) -> Flask:
    """Assemble the application for these settings. Raises Unsound when they must not be started with."""
    if production and settings.training:
        raise Unsound("training_in_production")
    crypto.install(crypto.FieldKeys.parse(settings.field_keys))
    clock.start_from(settings.now)
    app = Flask(
        __name__,
        static_folder=str(STATIC),
        static_url_path=assets.address(STATIC),
        template_folder=str(CHECKOUT / "templates"),
    )
    _configure(app, settings)
    _extend(app)
    app.before_request(keep_the_door)
    app.register_blueprint(web_blueprint)
    pages.register(app)
    helping.register(app)
    device.register(app)
    for room in ROOMS:
        room.register(app)
    if production:
        _refuse_training_database(app)
    app.wsgi_app = _served(app, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def _served(app: Flask, proxies: int) -> Any:
    """Static files, and behind proxies the visitor's own address: the brakes on sign-in count by it."""
    inner: Any = app.wsgi_app
    if proxies:
        inner = ProxyFix(inner, x_for=proxies, x_proto=proxies, x_host=proxies)
    return assets.served(inner, STATIC, add_headers=pages.mark_static_file)


def _refuse_training_database(app: Flask) -> None:
    """Raises Unsound for a database `outreach run` marked; one that cannot be reached now is looked at by /readyz."""
    with app.app_context():
        try:
            with suppress(OperationalError, ProgrammingError):
                if is_training_database(db.session):
                    raise Unsound("training_database_in_production")
        finally:
            db.session.close()
            db.engine.dispose()  # a server that loads the application before it forks must not share connections


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_ENGINES={"default": engine.engine_options(settings.database_url)},
        ALEMBIC={"script_location": str(CHECKOUT / "migrations"), "file_template": "%%(rev)s_%%(slug)s"},
        ALEMBIC_CONTEXT=schema.CONTEXT,
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
    schema.register(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    babel.init_app(app, locale_selector=lambda: labels.locale(accounts.language_of_request()))
