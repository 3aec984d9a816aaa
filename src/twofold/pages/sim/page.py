"""`/sim`: a phone to try Twofold with, what the engine did and why, its clock and its troubles.

The page is whole on arrival and works without script: each button is a form that is answered by a
redirect to the page.
With script the same page is fetched again whenever `/sim/events` says that something changed.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from twofold.domain.catalogue import Partner
from twofold.domain.msisdn import Msisdn
from twofold.pages.answering import (
    SECURITY_HEADERS,
    Assets,
    ForeignForm,
    Templates,
    form_of,
    give_nonce,
    nonce_of,
)
from twofold.pages.sim import view
from twofold.pages.sim.faces import MAX_DELAY_MS, BadInput, Faces, Ringing, Sending
from twofold.pages.sim.port import Playground
from twofold.pages.sim.proof import MAX_ENTRIES, proof
from twofold.pages.sim.steps import steps
from twofold.pages.sim.where import FIRST_SIM, NEW_SIMS, PLAYED_SIM, STEPS, TYPED_SIMS, Where, where
from twofold.pages.wording import LANGUAGES, Words, spoken
from twofold.peers.deliveries import PUT_OFF

ANSWER_S: Final = 5.0
"""How long the engine's answer to a message is waited for."""

SETTLE_S: Final = 2.0
"""How long a button waits for what it set going, so that the page it leads to shows it."""

MAX_BALANCE_MINOR: Final = 1_000_000_000
MAX_NEW_SIMS: Final = 10_000
MAX_TEXT: Final = 1_600
BUSY: Final = 503
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
BAD: Final = 400

_HOST: Final = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")

GROUPED: Final = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*")
"""A whole amount as people write it: 50.000, 50,000, 50 000."""

THOUSANDS: Final = re.compile(r"[., ]")
NOTHING: Final[Mapping[str, str]] = {}

Act = Callable[[Where, dict[str, str]], Awaitable[Where]]


def page_routes(
    playground: Playground, faces: Faces, duration_ms: Callable[[str], int | None]
) -> list[Route]:
    """The page, what its forms lead to, and its events."""
    assets = Assets()
    page = Page(playground, faces, assets, duration_ms)
    return [
        Route("/sim", page.show, methods=["GET"]),
        Route("/sim/events", page.events, methods=["GET"]),
        Route("/sim/proof/{reference}", page.prove, methods=["GET"]),
        Route("/sim/entries/{id:int}", page.entry, methods=["GET"]),
        Route("/sim/send", page.does(page.send, "#phone"), methods=["POST"]),
        Route("/sim/forget", page.does(page.forget, "#phone"), methods=["POST"]),
        Route("/sim/new", page.does(page.take_new_sim, "#phone"), methods=["POST"]),
        Route("/sim/dial", page.does(page.dial, "#phone"), methods=["POST"]),
        Route("/sim/card", page.does(page.change_card, "#phone"), methods=["POST"]),
        Route("/sim/wait", page.does(page.wait, "#clock"), methods=["POST"]),
        Route("/sim/switch", page.does(page.switch, "#faults"), methods=["POST"]),
        Route("/sim/partner", page.does(page.switch_partner, "#phone"), methods=["POST"]),
        Route("/sim/balance", page.does(page.set_balance, "#account"), methods=["POST"]),
        assets.route(),
    ]


class BadForm(Exception):
    """What was wrong with a form, by the key of what is said of it."""

    def __init__(self, key: str, status: int = BAD, /, **said: object) -> None:
        """Say something about it, with its fields."""
        super().__init__(key)
        self.key = key
        self.status = status
        self.said = said


class Page:
    """What each path does."""

    def __init__(
        self,
        playground: Playground,
        faces: Faces,
        assets: Assets,
        duration_ms: Callable[[str], int | None],
    ) -> None:
        """Show one playground."""
        self._playground = playground
        self._faces = faces
        self._duration_ms = duration_ms
        self._templates = Templates(assets)
        operator = playground.operator
        self._words = {
            language: Words(language, operator.time_zone, operator.currency)
            for language in LANGUAGES
        }
        self._new_sims = count(NEW_SIMS)
        self._typed_sim = TYPED_SIMS

    # -- looking -----------------------------------------------------------------------------------

    async def show(self, request: Request) -> Response:
        """Show the page."""
        return self._page(request, self._where(request))

    async def prove(self, request: Request) -> Response:
        """Show the proof of one request."""
        here, playground = self._where(request), self._playground
        words, reference = self._words[here.lang], request.path_params["reference"][:20]
        entries = playground.entries(here.msisdn, MAX_ENTRIES)
        found = proof(entries, reference, words, base_url(request))
        return self._templates.page(
            "sim/proof.html",
            200 if found else NOT_FOUND,
            say=words,
            here=here,
            reference=reference,
            proof=found,
            other=next(language for language in LANGUAGES if language != here.lang),
            operator=playground.operator,
            now_at=playground.now(),
        )

    async def entry(self, request: Request) -> Response:
        """Give the bytes of one entry, as they were hashed."""
        document = self._playground.document(request.path_params["id"])
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        if document is None:
            return Response("no such entry", NOT_FOUND, headers, "text/plain")
        return Response(document, 200, headers, "application/json")

    async def events(self, request: Request) -> Response:
        """Tell, as long as somebody listens, that something changed."""
        changes = self._playground.changes
        if changes.is_full:
            return Response("too many readers", BUSY, {**SECURITY_HEADERS, "Retry-After": "10"})
        endings: list[Callable[[], None]] = request.app.state.endings
        if changes.end not in endings:
            endings.append(changes.end)
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        return StreamingResponse(changes.stream(), 200, headers, "text/event-stream")

    # -- doing -------------------------------------------------------------------------------------

    def does(self, act: Act, place: str) -> Callable[[Request], Awaitable[Response]]:
        """Answer a form: do what it asks, then lead to the page at the place of that."""

        async def answer(request: Request) -> Response:
            here = self._where(request)
            try:
                fields = await form_of(request)
                there = await self._in_time(act, here, fields)
            except ForeignForm:
                wrong = self._words[here.lang]("notice.foreign")
                return self._page(request, here, wrong, FORBIDDEN)
            except BadForm as bad:
                wrong = self._words[here.lang](bad.key, **bad.said)
                return self._page(request, self._chosen(here, fields), wrong, bad.status, fields)
            step = fields.get("step", "")
            if step not in STEPS:
                return leading(there, place)
            kept = {"notice": there.notice, "status": there.status}
            there = there.with_(step=step, done=fields.get("act", "")[:1], **kept)
            return leading(there, f"#try-{step}")

        return answer

    async def _in_time(self, act: Act, here: Where, fields: dict[str, str]) -> Where:
        """Do it, and give what it set going a little time; the page tells what lasts longer."""
        try:
            async with asyncio.timeout(ANSWER_S):
                there = await act(here, fields)
        except TimeoutError:
            return here.with_(notice="unanswered" if "text" in fields else "slow")
        finally:
            self._playground.changes.touch()
        try:
            async with asyncio.timeout(SETTLE_S):
                await self._playground.settle()
        except TimeoutError:
            return there if there.notice else there.with_(notice="slow")
        return there

    async def send(self, here: Where, fields: dict[str, str]) -> Where:
        """Send a message from the phone."""
        text = fields.get("key") or fields.get("text", "")
        here = self._chosen(here, fields)
        if not text.strip() or len(text) > MAX_TEXT:
            raise BadForm("notice.bad_text")
        try:
            answer = await self._faces.send(Sending(sender=here.number, to=here.to, text=text))
        except BadInput as nobody:
            raise BadForm("notice.away", BUSY, to=here.to) from nobody
        status = answer["command_status"]
        if status in PUT_OFF:
            return here.with_(notice="put_off", status=str(status))
        if status:
            raise BadForm("notice.refused", BUSY, status=status)
        return here.with_()

    async def dial(self, here: Where, fields: dict[str, str]) -> Where:
        """Dial a USSD string from the phone."""
        wished = (fields.get("dialled") or fields.get("dial", "")).strip()
        try:
            await self._faces.ring(Ringing(sender=here.number, dial=wished))
        except BadInput as bad:
            codes = ", ".join(self._playground.short_codes)
            example = view.dial_keys(self._playground)[0]
            raise BadForm(
                "notice.bad_dial", given=wished[:40], codes=codes, example=example
            ) from bad
        return here.with_()

    async def change_card(self, here: Where, fields: dict[str, str]) -> Where:
        """Put another SIM card into the phone; the number stays."""
        card = view.CARDS.get(fields.get("card", ""))
        if card is None or not self._playground.sims.are_told:
            raise BadForm("notice.bad_wish")
        self._playground.sims.put_in(here.number, card(here.number))
        return here.with_()

    async def forget(self, here: Where, _: dict[str, str]) -> Where:
        """Clear the phone's messages, and what it dialled."""
        self._faces.forget(here.msisdn)
        self._playground.dialling.forget(here.number)
        return here.with_()

    async def take_new_sim(self, here: Where, _: dict[str, str]) -> Where:
        """Go to a number that has never texted."""
        for national in self._new_sims:
            number = f"{self._playground.country_code}{national}"
            if self._is_new(number) or national >= NEW_SIMS + MAX_NEW_SIMS:
                return here.with_(number=number)
        raise AssertionError("counting never ends")

    async def wait(self, here: Where, fields: dict[str, str]) -> Where:
        """Move the clock."""
        wished = fields.get("by", "")
        if wished not in view.MOVES:
            raise BadForm("notice.bad_wish")
        due_at = view.deadline(self._playground, here.msisdn)
        if wished != "deadline":
            by_ms = self._duration_ms(wished) or 0
        elif due_at is None:
            return here.with_(notice="no_deadline")
        else:
            by_ms = max(due_at - self._playground.now(), 0)
        await self._playground.advance(by_ms)
        return here.with_()

    async def switch(self, here: Where, fields: dict[str, str]) -> Where:
        """Turn one switch, or all back."""
        wished = view.REST if "all" in fields else fields
        for name, values in view.FAULTS.items():
            if wished.get(name, values[0]) not in values:
                raise BadForm("notice.bad_wish")
        faults, charging = self._playground.faults, self._playground.charging
        now = {**view.switched(self._playground), **wished}
        faults.submit, faults.receipt = now["submit"], now["receipt"]  # type: ignore[assignment]
        faults.mo = now["mo"]  # type: ignore[assignment]
        faults.delay_ms = min(round(float(now["delay"]) * 1000), MAX_DELAY_MS)
        if now["charging"] != charging.mode:
            charging.switch(now["charging"])
        return here.with_()

    async def switch_partner(self, here: Where, fields: dict[str, str]) -> Where:
        """Stop the partner of the script's service, or let it go on."""
        partner = view.partner(self._playground)
        match fields.get("partner"), partner:
            case "stop", Partner():
                await self._playground.stop_partner(partner.id)
            case "go_on", Partner():
                await self._playground.resume_partner(partner.id)
            case _:
                raise BadForm("notice.bad_wish")
        return here.with_()

    async def set_balance(self, here: Where, fields: dict[str, str]) -> Where:
        """Set the phone's balance."""
        written = fields.get("balance", "").strip()
        digits = THOUSANDS.sub("", written) if GROUPED.fullmatch(written) else written
        known = digits.isascii() and digits.isdigit()
        if not (known and int(digits[:11]) <= MAX_BALANCE_MINOR):
            most = self._words[here.lang].amount(MAX_BALANCE_MINOR)
            raise BadForm("notice.bad_balance", given=written[:20], most=most)
        await self._playground.set_balance(int(here.number), int(digits))
        return here.with_()

    # -- the page ----------------------------------------------------------------------------------

    def _where(self, request: Request) -> Where:
        """Read the address."""
        query = request.query_params
        lang = spoken(query.get("lang", ""), request.headers.get("accept-language", ""))
        playground = self._playground
        return where(query, lang, playground.country_code, playground.short_codes)

    def _chosen(self, here: Where, fields: dict[str, str]) -> Where:
        """The short code that the form names; one that is none is the page's."""
        to = fields.get("to", here.to)
        return here.with_(to=to) if to in self._playground.short_codes else here

    def _page(
        self,
        request: Request,
        here: Where,
        wrong: str = "",
        status: int = 200,
        kept: Mapping[str, str] = NOTHING,
    ) -> Response:
        """Render the page; `wrong` is what was wrong with a form, `kept` what stood in it."""
        playground, words = self._playground, self._words[here.lang]
        thread, sessions = self._faces.thread(here.msisdn), self._faces.sessions(here.msisdn)
        nonce = nonce_of(request, playground.nonce)
        now_at = playground.now()
        switched = view.switched(playground)
        told = view.timeline(playground, here.msisdn if here.show == "mine" else None, words)
        answer = self._templates.page(
            "sim/page.html",
            status,
            say=words,
            here=here,
            nonce=nonce,
            wrong=wrong,
            kept=kept,
            notice=words(f"notice.{here.notice}", status=here.status) if here.notice else "",
            other=next(language for language in LANGUAGES if language != here.lang),
            operator=playground.operator,
            phone=view.phone(playground, here.msisdn, thread, sessions, words),
            sims=self._sims(here, words),
            short_codes=playground.short_codes,
            keys=view.KEYS,
            more_keys=view.MORE_KEYS,
            dial_keys=view.dial_keys(playground),
            moves=view.MOVES,
            faults=view.FAULTS,
            switched=switched,
            broken=[name for name in view.FAULTS if switched[name] != view.REST[name]],
            stories=told,
            proven=next(
                (one.reference for one in told if one.reference and one.cause.phone == here.number),
                "",
            ),
            is_full=sum(len(story.all) for story in told) == view.MAX_ENTRIES,
            max_entries=view.MAX_ENTRIES,
            steps=steps(words, self._to_type(here), playground, base_url(request)),
            stopped=view.stopped(playground),
            now_at=now_at,
            is_quiet=playground.is_quiet,
        )
        give_nonce(request, answer, nonce)
        return answer

    def _to_type(self, here: Where) -> str:
        """A number for the commands: the phone's own while it is new, else one that is."""
        if self._is_new(here.number) and view.card(self._playground, here.msisdn) != "another":
            return here.number
        code = self._playground.country_code
        while not self._is_new(f"{code}{self._typed_sim}"):
            self._typed_sim += 1
        return f"{code}{self._typed_sim}"

    def _is_new(self, number: str) -> bool:
        """Whether nothing ever happened to a number."""
        return not self._playground.entries(Msisdn(int(number)), 1)

    def _sims(self, here: Where, words: Words) -> list[view.Sim]:
        """The SIM cards to choose from: two, and the one in use where it is another."""
        code = self._playground.country_code
        known = [code + FIRST_SIM, code + PLAYED_SIM]
        cards = [
            view.Sim(words("phone.sim", number=number), digits, digits == here.number)
            for number, digits in enumerate(known, 1)
        ]
        if here.number not in known:
            cards.append(view.Sim(words("phone.guest"), here.number, is_chosen=True))
        return cards


def leading(there: Where, place: str) -> Response:
    """Lead to the page, at one place of it."""
    return RedirectResponse(there.url(place), 303, SECURITY_HEADERS)


def base_url(request: Request) -> str:
    """Where the visitor found us, for the commands to copy."""
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host if _HOST.fullmatch(host) else '127.0.0.1:8080'}"
