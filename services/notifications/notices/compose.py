"""Compose a letter from the parts of one case that leave together.

One case, one letter, one moment: whatever a resident, or the staff of a department, are owed about a case at
one time is one letter, with a paragraph for each thing, and a line for each minute in which promises are due.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from services.notifications import policy
from services.notifications.notices import addressing, staff
from services.notifications.notices.channels import Form, Letter, Recipient
from services.notifications.notices.languages import ENGLISH, code_of
from services.notifications.notices.parts import CaseContext, Part
from services.notifications.notices.recipients import recipients_of
from services.notifications.notices.rows import Messages
from services.notifications.notices.texts import in_gsm, is_sendable, plain
from services.notifications.notices.wording import by, handler, lines
from services.notifications.policy import Kind
from shared.app_state import AppState
from shared.standards.periods import civil_date

# A text names no home, as whoever sees the telephone may read it.
FRAMES: Mapping[Form, str] = {
    Form.EMAIL: "resident",
    Form.LETTER: "resident",
    Form.CALL: "resident",
    Form.TEXT: "text",
}


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter ready to leave, under a name of its own."""

    id: UUID
    recipients: Sequence[Recipient]
    letter: Letter
    form: Form
    language: str = ENGLISH
    is_for_resident: bool = False
    # it goes along with the letter itself, for somebody who helps its reader
    is_copy: bool = False


def compose(
    state: AppState,
    messages: Messages,
    id: UUID,
    parts: Sequence[Part],
    known: CaseContext,
    written: Letter | None = None,
) -> list[Composed]:
    """The letter of these parts, all for one outside or all for staff, and what goes along with it.

    As it was `written`, if it was. What a resident must not or cannot be written goes to their department, to
    be told in another way. Where they are written to in words or in a form that they may not read, the
    department gets a copy. Raises NoFormLeft where it came back in each form that reaches them.
    """
    leading, contact = leading_part(parts), known.owner.contact
    if leading.notice.is_for_staff:
        return [_to_staff(state, messages, id, parts, known)]
    language = messages.common_language(code_of(contact.get("language")), [part.message for part in parts])
    context = _context(state, leading, known) | {"subject": messages.said(leading.message, language).subject}
    if written is not None:
        form, letter = _form(parts, leading, known, kept=True), written
    else:
        form, letter = _to_resident(messages, parts, leading, known, context, language)
    context["subject"] = letter.subject if written else context["subject"]
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    in_place = staff.in_place_of_resident(state.settings, known.owner.handler.department)
    department = staff.recipients([in_place], known.owner)
    if policy.OUTSIDE.isdisjoint(known.reader_of(part.notice) for part in parts):
        return [Composed(id, department, _framed(messages, "unsafe", context, quoted), Form.EMAIL)]
    if form is Form.CALL:
        return [Composed(id, department, _framed(messages, "call", context, quoted), form)]
    theirs = Composed(id, [addressing.resident(contact, form)], letter, form, language, is_for_resident=True)
    if not addressing.needs_help(contact, language):
        return [theirs]
    copy = _framed(messages, "copy", context, quoted)
    return [theirs, Composed(uuid5(id, "copy"), department, copy, Form.EMAIL, is_copy=True)]


def _to_staff(
    state: AppState, messages: Messages, id: UUID, parts: Sequence[Part], known: CaseContext
) -> Composed:
    """The letter to staff, or the text to the duty telephone of a department."""
    settings, first = state.settings, parts[0].notice
    if first.to_duty_phone:
        phone = staff.duty_phone(settings, first, known.owner)
        return Composed(id, [phone], _duty_text(state, messages, parts, known), Form.TEXT)
    recipients = staff_recipients(state, parts, known)
    return Composed(id, recipients, staff_letter(state, messages, parts, known), Form.EMAIL)


def staff_recipients(state: AppState, parts: Sequence[Part], known: CaseContext) -> Sequence[Recipient]:
    """The staff who read the letter of these parts."""
    department = known.owner.handler.department
    told = [staff.told_of(state.settings, part.notice, department, known.handler) for part in parts]
    return staff.recipients(told, known.owner)


def staff_letter(state: AppState, messages: Messages, parts: Sequence[Part], known: CaseContext) -> Letter:
    """The words to staff about one case."""
    context = _context(state, leading_part(parts), known)
    return _framed(messages, "staff", context, "\n\n".join(_paragraphs(messages, parts, context, known)))


def _duty_text(state: AppState, messages: Messages, parts: Sequence[Part], known: CaseContext) -> Letter:
    due = min((promise.due_at for part in parts for promise in part.promises), default=None)
    context = _context(state, leading_part(parts), known) | {"due": by(due) if due else None}
    context["is_emailed"] = all(part.notice.beside_email for part in parts)
    letter = _framed(messages, "duty", context, "")
    return replace(letter, text=plain(f"{letter.subject}\n{letter.text}"))


def _to_resident(
    messages: Messages,
    parts: Sequence[Part],
    leading: Part,
    known: CaseContext,
    context: Mapping[str, Any],
    language: str,
) -> tuple[Form, Letter]:
    """The letter in the form that reaches its reader; what is too long for a text takes the next one.

    Raises NoFormLeft.
    """
    text = "\n\n".join(_paragraphs(messages, parts, context, known, language))

    def in_form(form: Form) -> Letter:
        framed = replace(_framed(messages, FRAMES[form], context, text, language), language=language)
        if form is Form.TEXT:  # which has no subject, and so would not say which case it is about
            whole = plain(f"{framed.subject}\n{framed.text}")
            return replace(framed, text=in_gsm(whole, language, _names(parts, context)))
        large = form is Form.LETTER and addressing.needs_large_print(known.owner.contact)
        return replace(framed, large_print=large)

    form = _form(parts, leading, known)
    letter = in_form(form)
    if form is Form.TEXT and not is_sendable(letter.text):
        form = _form(parts, leading, known, too_long={Form.TEXT})
        letter = in_form(form)
    return form, letter


def leading_part(parts: Iterable[Part]) -> Part:
    """The part that gives a letter its subject."""
    return min(parts, key=_subject_order)


def _framed(
    messages: Messages, frame: str, context: Mapping[str, Any], text: str, language: str = ENGLISH
) -> Letter:
    return Letter(*messages.framed(frame, {**context, "paragraphs": text}, language))


def _names(parts: Sequence[Part], context: Mapping[str, Any]) -> Collection[str]:
    """The names that a text may have in it: a name without its accent is another name."""
    firms = (part.facts.get("contractor") for part in parts)
    return {plain(name) for name in (context["council"], context["handler"], *firms) if name}


def _form(
    parts: Sequence[Part],
    leading: Part,
    known: CaseContext,
    *,
    kept: bool = False,
    too_long: Collection[Form] = (),
) -> Form:
    """The form in which a letter to somebody outside leaves; one that does not leave at all may have any."""
    if not addressing.is_safe(known.owner.contact, kept=kept):
        return addressing.form_for(known.owner.contact, kept=kept)
    return addressing.choose(
        known.owner.contact,
        may_be=leading.message.channels,
        failed={*too_long, *(form for part in parts for form in part.notice.failed_forms)},
        kept=kept,
        guarded=known.is_guarded,
    )


def _context(state: AppState, leading: Part, known: CaseContext) -> dict[str, Any]:
    """The values that every row and every frame may use."""
    # a department's mailbox is read by more people than a guarded case is, and maybe by whom it is about
    named, needs = known.owner.handler, {} if known.is_guarded else known.owner.contact
    recipients = recipients_of(state.settings.recipients_file)
    service = next((row.service for row in known.deadlines), None)
    day = civil_date(known.now)
    return {
        "subject": leading.message.subject,
        "reference": leading.notice.reference,
        "is_guarded": known.is_guarded,
        "handler": handler(named.name, recipients.team(named.department)),
        "council": state.settings.council,
        "case": known.owner.summary,
        "reach": state.catalogue.contact_point(service, day) if service else None,
        "access_needs": needs.get("access_needs"),
        "language": needs.get("language"),
    }


def _paragraphs(
    messages: Messages,
    parts: Sequence[Part],
    context: Mapping[str, Any],
    known: CaseContext,
    language: str = ENGLISH,
) -> Iterable[str]:
    """The paragraphs in order, each text once."""
    groups = [list(alike) for _, alike in groupby(sorted(parts, key=_place), key=_place)]
    spoken_of: set[tuple[str, int, Any]] = set()
    said: set[str] = set()
    texts: dict[int, str] = {}
    # Deadlines first, the worst of them before the rest: a promise stands once, where most is said of it.
    for number, group in sorted(enumerate(groups), key=lambda one: not one[1][0].message.is_about_a_deadline):
        message = group[0].message
        # a date that has changed is explained, whatever else is said of its promise
        taken = set() if message.on == Kind.NEW_DATES else spoken_of
        promises = {one.key: one for part in group for one in part.promises if one.key not in taken}
        spoken_of |= promises.keys()
        again = message.tells_dates and message.paragraph in said
        if not promises and (message.is_about_a_deadline or again):
            continue
        said.add(message.paragraph)
        about: dict[str, Any] = {
            "facts": group[0].facts,
            "occurred_at": group[0].occurred_at,
            "reasons": list(dict.fromkeys(reason for part in group for reason in part.reasons)),
            "rights": list(filter(None, (messages.right(one.standard) for one in promises.values()))),
            "stands_for": list(dict.fromkeys(rung for part in group for rung in part.notice.stands_for)),
        }
        if message.is_about_a_deadline or message.tells_dates:
            about |= {"promises": list(promises.values()), "lines": lines(promises.values(), known.now)}
        texts[number] = messages.paragraph(message, {**context, **about}, language)
    return dict.fromkeys(texts[number] for number in sorted(texts))


def _subject_order(part: Part) -> tuple[int, bool, bool, int, datetime, str]:
    """The order in which parts give a letter its subject: the most urgent, then what must be acted on now.

    Of those alike the worst deadline, or the latest event, does, and of such deadlines the first that is due.
    """
    notice, (about_a_deadline, place) = part.notice, part.place
    latest_first = place if about_a_deadline else -place
    what = notice.urgency, not part.message.while_open, not about_a_deadline, latest_first
    return *what, notice.due_at or notice.owed_at, notice.reference


def _place(part: Part) -> tuple[bool, int, int]:
    return *part.place, part.message.position
