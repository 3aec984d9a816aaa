"""Every case on one screen: what came in, and who decides it."""

from typing import Final, assert_never

from twofold.decide.answered import on_answer, on_question_fell_due
from twofold.decide.answers import answerable, on_help, on_list, on_not_understood
from twofold.decide.blocking import flag, on_block, on_language, on_number_flagged, on_unblock
from twofold.decide.charging import (
    on_account_asked,
    on_account_set,
    on_charge_fell_due,
    on_charge_outcome,
)
from twofold.decide.claiming import on_reply_claimed, on_service_claimed
from twofold.decide.complaining import on_complaint
from twofold.decide.confirming import on_yes
from twofold.decide.decision import Decision, Draft, Leaving
from twofold.decide.dialling import show, wants_more
from twofold.decide.expiring import lapse, on_deadline_passed
from twofold.decide.joining import ask_anew, on_join, on_other, on_requested
from twofold.decide.keywords import Word
from twofold.decide.notices import on_order_overdue, on_text_fell_due, on_text_outcome
from twofold.decide.numbers import on_number_changed
from twofold.decide.parts import on_parts_abandoned, whole_of
from twofold.decide.prompting import on_prompt_fell_due, on_prompt_outcome
from twofold.decide.receipts import on_receipt
from twofold.decide.refusing import on_no
from twofold.decide.replays import is_resent, note_resend, remember
from twofold.decide.rules import Rules
from twofold.decide.sims import note_sim
from twofold.decide.stopping import on_cancel_requested, on_stop, on_stop_all
from twofold.decide.sweeping import on_swept
from twofold.domain.events import (
    AccountAsked,
    AccountSet,
    CancelRequested,
    CatalogueSwept,
    DeadlinePassed,
    Event,
    MessageReceived,
    NumberChanged,
    NumberFlagged,
    OrderFellDue,
    OrderOverdue,
    OutcomeArrived,
    PartReceived,
    PartsAbandoned,
    ReceiptArrived,
    ReplyClaimed,
    Requested,
    ServiceClaimed,
    UssdReceived,
)
from twofold.domain.orders import OrderKind
from twofold.domain.reason import Reason
from twofold.domain.subscriber import Flag, Seen, Subscriber

TELL_SPENDING: Final = (Word.LIST, Word.NO)
"""Words whose answer tells what the number spent."""


def decide(  # noqa: C901, PLR0912 - every case on one screen
    before: Subscriber, event: Event, rules: Rules, *, leaving: Leaving, chance: bytes
) -> Decision:
    """Say what `event` does to a subscriber; the same inputs give the same answer.

    `leaving` has the short codes from which orders that are born now are handed out with this very
    commit, which fixes what a prompt prints as its deadline.
    `chance` is what nobody outside can guess: the salt of the decision's own entry, from which the
    code of a new request is drawn.
    """
    draft = Draft(before, event, rules, leaving=leaving, chance=chance)
    # The commonest first: a class that does not match costs as much as a guard.
    match event:
        case ReceiptArrived():
            on_receipt(draft, event)
        case PartReceived():
            on_part(draft, event)
        case UssdReceived():
            on_dialled(draft, event)
        case MessageReceived():
            on_message(draft, event)
        case OutcomeArrived() | OrderFellDue() | OrderOverdue() | AccountAsked():
            on_order(draft, event)
            ask_anew(draft)
        case PartsAbandoned():
            on_parts_abandoned(draft, event)
        case Requested() | CancelRequested() | ServiceClaimed() | ReplyClaimed():
            on_asked(draft, event)
        case DeadlinePassed():
            draft.tenure = event.tenure
            on_deadline_passed(draft, event)
        case CatalogueSwept():
            on_swept(draft, event)
        case AccountSet():
            on_account_set(draft, event)
        case NumberFlagged():
            on_number_flagged(draft, event)
        case NumberChanged():
            on_number_changed(draft, event)
        case _:
            raise AssertionError(event)
    return draft.finish()


def on_message(draft: Draft, event: MessageReceived) -> None:
    """An MO: a resend has its effect already, everything else is one wish."""
    if is_resent(draft, event):
        note_resend(draft, event)
        return draft.refuse(Reason.RESENT)
    # A number that writes reads, too.
    flag(draft, Flag.NO_SMS, is_set=False)
    lapsed_id = lapse(draft, event.effective_at)
    note_sim(draft, event)
    obey(draft, answerable(draft, event))
    ask_anew(draft)
    draft.take_back()
    draft.request_id = draft.request_id or lapsed_id
    return remember(draft, event)


def on_dialled(draft: Draft, event: UssdReceived) -> None:
    """A USSD session: more is asked about by SMS, less is done, and its one screen says which.

    What comes twice does no harm: a request is open, a service is off, and no yes counts.
    """
    lapsed_id = lapse(draft, event.effective_at)
    said = answerable(draft, event)
    if not wants_more(draft, said):
        obey(draft, said)
    draft.take_back()
    draft.request_id = draft.request_id or lapsed_id
    show(draft, event)


def on_part(draft: Draft, event: PartReceived) -> None:
    """A part of a long MO: kept, until all of it is there and is judged as one message."""
    if event.key_is_sure:
        if is_resent(draft, event):
            return draft.refuse(Reason.RESENT)
        draft.seen = Seen(event.key, event.at, draft.subscriber.digest)
    whole = whole_of(draft, event)
    if whole is None:
        return None
    draft.event = whole
    return on_message(draft, whole)


def on_asked(
    draft: Draft, event: Requested | CancelRequested | ServiceClaimed | ReplyClaimed
) -> None:
    """A channel asks: whoever asks is answered by the reason, and the subscriber by SMS alone."""
    lapsed_id = lapse(draft, event.at)
    match event:
        case Requested():
            on_requested(draft, event)
        case CancelRequested():
            on_cancel_requested(draft, event)
        case ServiceClaimed():
            on_service_claimed(draft, event)
        case ReplyClaimed():
            on_reply_claimed(draft, event)
    draft.take_back()
    draft.request_id = draft.request_id or lapsed_id


def obey(  # noqa: C901, PLR0912 - every word on one screen, and nothing but words
    draft: Draft, event: MessageReceived
) -> None:
    """Do what the text asks for, or say why not."""
    if event.text is None:
        return on_not_understood(draft, event, Reason.UNDECODABLE)
    wish = draft.rules.keywords.understand(event.text)
    match wish.word:
        case Word.JOIN:
            return on_join(draft, event, wish.code)
        case Word.YES:
            return on_yes(draft, event, wish.code)
        case Word.NO:
            return on_no(draft, event, wish)
        case Word.STOP:
            return on_stop(draft, event, wish.words)
        case Word.STOP_ALL:
            return on_stop_all(draft, event)
        case Word.LIST:
            return on_list(draft, event)
        case Word.HELP:
            return on_help(draft, event)
        case Word.COMPLAIN:
            return on_complaint(draft, event, wish.code)
        case Word.BLOCK:
            return on_block(draft, event)
        case Word.UNBLOCK:
            return on_unblock(draft, event)
        case Word.LANGUAGE:
            return on_language(draft, event, wish.code)
        case Word.OTHER:
            return on_other(draft, event, wish.code)
        case _:
            assert_never(wish.word)


def on_order(
    draft: Draft, event: OutcomeArrived | OrderFellDue | OrderOverdue | AccountAsked
) -> None:
    """Something about an order: it is kept with the holder for whom it was given."""
    draft.tenure = event.order.tenure
    match event:
        case OutcomeArrived():
            return on_outcome(draft, event)
        case OrderFellDue():
            return on_order_fell_due(draft, event)
        case OrderOverdue():
            return on_order_overdue(draft, event)
        case AccountAsked():
            return on_account_asked(draft, event)
        case _:
            assert_never(event)


def on_outcome(draft: Draft, event: OutcomeArrived) -> None:
    """How an order went."""
    match event.order.kind:
        case OrderKind.SEND_PROMPT:
            return on_prompt_outcome(draft, event)
        case OrderKind.SEND_NOTICE | OrderKind.SEND_REPLY | OrderKind.ANSWER_USSD:
            return on_text_outcome(draft, event)
        case OrderKind.CHARGE | OrderKind.REFUND:
            return on_charge_outcome(draft, event)
        case OrderKind.ASK_NUMBER:
            return on_answer(draft, event)
        case _:
            assert_never(event.order.kind)


def on_order_fell_due(draft: Draft, event: OrderFellDue) -> None:
    """A waiting order may go out now."""
    match event.order.kind:
        case OrderKind.SEND_PROMPT:
            return on_prompt_fell_due(draft, event)
        case OrderKind.CHARGE:
            return on_charge_fell_due(draft, event)
        case OrderKind.ASK_NUMBER:
            return on_question_fell_due(draft, event)
        case (
            OrderKind.REFUND | OrderKind.SEND_NOTICE | OrderKind.SEND_REPLY | OrderKind.ANSWER_USSD
        ):
            return on_text_fell_due(draft, event)
        case _:
            assert_never(event.order.kind)


def wants_spending(event: Event, rules: Rules) -> bool:
    """Say whether the answer will tell what the number spent, so that the snapshot must hold it."""
    if not isinstance(event, MessageReceived) or event.text is None:
        return False
    return rules.keywords.understand(event.text).word in TELL_SPENDING


def wants_grievances(event: Event, rules: Rules) -> bool:
    """Say whether the event is about a complaint, so that the snapshot must hold what there is."""
    if not isinstance(event, MessageReceived) or event.text is None:
        return False
    return rules.keywords.understand(event.text).word is Word.COMPLAIN
