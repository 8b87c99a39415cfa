"""Where a page may send somebody on to: pages of our own, never another site."""

from urllib.parse import urlsplit

from flask import Request

_NOT_AGAIN = ("/sign-in", "/sign-out")


def own_page(wanted: str | None) -> str:
    """The path that was asked for when it is one of ours, else the start page."""
    path = wanted or "/"
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith("//") and not parts.scheme and not parts.netloc
    clean = path.isprintable() and "\\" not in path and not parts.path.startswith(_NOT_AGAIN)
    return path if ours and clean else "/"


def came_from(request: Request) -> str:
    """The page of ours on which a button was pressed, else the start page."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return own_page(f"{parts.path}?{parts.query}" if parts.query else parts.path)
