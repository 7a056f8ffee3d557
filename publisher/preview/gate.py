"""Who may ask the preview for anything: a page of its own, in a browser of this machine."""

from __future__ import annotations

from collections.abc import Mapping

HOST = "127.0.0.1"
_NAMES = (HOST, "localhost")
_OURS = "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self';"
# The page may run its own scripts and nobody else's, and speak to this server alone.
PAGE_POLICY = (
    f"{_OURS} script-src 'self'; connect-src 'self'; frame-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A page of the book has styles of its author's, and no scripts whatever stands in it.
BOOK_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def refusal(headers: Mapping[str, str], method: str, port: int) -> str:
    """Why a request is not answered; "" where it may be.

    A page elsewhere can have its own name lead here (DNS rebinding): the Host it then asks
    for is not ours. What it asks of us by our address, a browser marks as cross-site.
    """
    homes = {f"{name}:{port}" for name in _NAMES}
    if headers.get("host", "") not in homes:
        return "this preview answers to its own address alone"
    origin = headers.get("origin", "")
    if origin and origin not in {f"http://{home}" for home in homes}:
        return "another page may not ask for anything here"
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "another page may not ask for anything here"
    if method not in ("GET", "HEAD") and not origin:
        return "only the preview's own page changes anything"
    return ""
