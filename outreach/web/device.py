"""What makes a phone keep Outreach: the manifest, the service worker, and the page that works without a connection.

Everybody gets the same answer here, signed in or not: a device keeps these, so they hold nobody's data.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, url_for
from flask_babel import gettext as _

from outreach.labels import LANGUAGES
from outreach.web import assets
from outreach.web.access import public
from outreach.web.filters import language

blueprint = Blueprint("device", __name__)

_SCRIPT = "js/offline/worker.js"
_MAKES_THE_SHELL = ("base.html", "macros/*.html", "parts/*.html", "offline/*.html")


def register(app: Flask) -> None:
    """Add the pages; what the worker keeps is known from the start."""
    static = Path(app.static_folder or "")
    files = assets.files_of(static)
    app.config["DEVICE_FILES"] = sorted(files)
    app.config["DEVICE_SCRIPT"] = files[_SCRIPT].decode()
    app.config["DEVICE_VERSION"] = _version(assets.version_of(static), _shell_sources(app))
    app.register_blueprint(blueprint)


def _shell_sources(app: Flask) -> list[Path]:
    """What the page without a connection is made from: its templates, and the words of each language."""
    templates = Path(app.root_path, app.template_folder or "")
    words = Path(app.config["BABEL_TRANSLATION_DIRECTORIES"])
    found = [file for pattern in _MAKES_THE_SHELL for file in sorted(templates.glob(pattern))]
    return found + sorted(words.glob("*/LC_MESSAGES/*.mo"))


def _version(files: str, sources: list[Path]) -> str:
    digest = hashlib.sha256(files.encode())
    for source in sources:
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()[:12]


@blueprint.get("/service-worker.js")
@public
def worker() -> Response:
    """The worker of this version; another version differs in its first lines, which is how a browser notices."""
    config = current_app.config
    given = {
        "VERSION": config["DEVICE_VERSION"],
        "FILES": [url_for("static", filename=name) for name in config["DEVICE_FILES"]],
        "SHELLS": {one: url_for("device.shell", language=one) for one in LANGUAGES},
    }
    first = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    return Response(first + config["DEVICE_SCRIPT"], mimetype="text/javascript")


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What the home screen of a phone shows."""
    answer = jsonify(
        id="/",
        name="Outreach",
        short_name="Outreach",
        description=_("Outreach: walking beside every family, up to the school gate."),
        lang=language(),
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#f3f6f5",
        theme_color="#0b5c63",
        icons=[_icon("192", "any"), _icon("512", "any"), _icon("maskable-512", "maskable")],
        shortcuts=[{"name": _("Visits of today"), "url": url_for("device.shell"), "icons": [_icon("192", "any")]}],
    )
    answer.mimetype = "application/manifest+json"
    return answer


def _icon(name: str, purpose: str) -> dict[str, Any]:
    size = name.rpartition("-")[2]
    source = url_for("static", filename=f"icons/outreach-{name}.png")
    return {"src": source, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@blueprint.get("/offline")
@public
def shell() -> str:
    """Visits of today, as the phone keeps them: the page holds no names, its scripts read them from the phone."""
    return render_template("offline/shell.html", quiet=True, me=None, actor=None, nav=[], theme=None)
