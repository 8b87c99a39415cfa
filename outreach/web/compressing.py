"""Pages go over the wire compressed, so that they come quickly on a weak connection."""

import gzip
import io
import secrets

from flask import Response, request

SMALLEST = 1_000
"""Bytes below which compressing is not worth it."""

MOST_PADDING = 100
"""Bytes of chance in front of each page: its length then does not tell what stands on it beside something a stranger
made it repeat (the BREACH attack; the same remedy as Django's GZipMiddleware)."""


def compress(response: Response) -> Response:
    """Compress a whole page for a browser that says it can read that."""
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not request.accept_encodings.quality("gzip"):
        return response
    plain = response.get_data()
    if len(plain) < SMALLEST:
        return response
    packed = io.BytesIO()
    with gzip.GzipFile("x" * secrets.randbelow(MOST_PADDING), "wb", 6, packed, mtime=0) as file:
        file.write(plain)
    response.set_data(packed.getvalue())
    response.headers["Content-Encoding"] = "gzip"
    return response
