"""How pages answer: rendered whole, with headers that let nothing foreign in, and forms checked.

A page needs no script; what it loads comes from here, under a policy that allows nothing inline.
GET changes nothing. A POST must come from a page of ours: the browser says so by its headers, and
the form carries the nonce that the page gave the same browser as a cookie.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from hmac import compare_digest
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

MAX_FORM_BYTES: Final = 16_384
MAX_FIELDS: Final = 20
NONCE: Final = "twofold_nonce"
"""The cookie; forms carry the same value in their field `nonce`."""

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not `no-referrer`: under it browsers send the Origin of our own forms as null.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class ForeignForm(Exception):
    """A form that did not come from a page of ours."""


class Templates:
    """The package's templates, compiled once; every value is escaped."""

    def __init__(self, assets: "Assets") -> None:
        """Know where the styles and scripts are."""
        self._environment = Environment(
            loader=PackageLoader("twofold.pages", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals["asset"] = assets.url

    def page(self, name: str, status: int = 200, **context: object) -> HTMLResponse:
        """Render a whole page."""
        text = self._environment.get_template(name).render(context)
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store", "Vary": "Accept-Language"}
        return HTMLResponse(text, status, headers)


class Assets:
    """The package's styles, scripts and pictures, under addresses that change with their content.

    They are few and small, and are kept in memory: no thread reads files beside the engine's loop.
    """

    def __init__(self) -> None:
        """Read them."""
        folder = files("twofold.pages").joinpath("static")
        self._files = {
            item.name: item.read_bytes()
            for item in sorted(folder.iterdir(), key=lambda item: item.name)
            if item.name[item.name.rfind(".") :] in _TYPES
        }

    def url(self, name: str) -> str:
        """Where one is."""
        return f"/static/{name}?v={sha256(self._files[name]).hexdigest()[:12]}"

    def route(self) -> Route:
        """Serve them."""

        async def answer(request: Request) -> Response:
            name = request.path_params["name"]
            content = self._files.get(name)
            if content is None:
                return Response("not found", 404, media_type="text/plain")
            headers = {**SECURITY_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
            return Response(content, headers=headers, media_type=_TYPES[name[name.rfind(".") :]])

        return Route("/static/{name}", answer, methods=["GET"])


async def form_of(request: Request) -> dict[str, str]:
    """Read a bounded form that came from a page of ours, or raise ForeignForm."""
    if is_foreign(request):
        raise ForeignForm
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise ForeignForm
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise ForeignForm from error
    given, kept = fields.pop("nonce", ""), request.cookies.get(NONCE, "")
    if not kept or not compare_digest(given.encode(), kept.encode()):
        raise ForeignForm
    return fields


def is_foreign(request: Request) -> bool:
    """Whether the browser says that another site sent this; programs say nothing of it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def give_nonce(request: Request, response: Response, nonce: str) -> None:
    """Have the browser keep the nonce, where it does not yet."""
    if request.cookies.get(NONCE) != nonce:
        response.set_cookie(NONCE, nonce, path="/", httponly=True, samesite="lax")


def nonce_of(request: Request, chance: Callable[[], bytes]) -> str:
    """The nonce that this browser keeps, or a new one."""
    kept = request.cookies.get(NONCE, "")
    return kept if kept.isalnum() and len(kept) <= 64 else chance().hex()  # noqa: PLR2004 - ours have 32 digits
