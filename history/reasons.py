"""Why something was changed, in the reader's words: one's own before the system's."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS: dict[str, str | Promise] = {
    "demo": gettext_lazy("the demo was loaded"),
    # Cost lines
    "add cost line": gettext_lazy("a line was added"),
    "copy cost line": gettext_lazy("a line was copied"),
    "change cost line": gettext_lazy("a line was changed"),
    "change cost lines": gettext_lazy("lines were changed"),
    "change several amounts": gettext_lazy("several amounts were changed together"),
    "paste into cost lines": gettext_lazy("values were pasted into lines"),
    "move cost lines": gettext_lazy("lines were moved"),
    "delete cost line": gettext_lazy("a line was deleted"),
    "delete cost lines": gettext_lazy("lines were deleted"),
    "undo": gettext_lazy("a change was undone"),
    "redo": gettext_lazy("an undone change was made again"),
    "undo delete of cost line": gettext_lazy("a deletion was undone"),
    "restore earlier values of cost line": gettext_lazy("earlier values were restored"),
    # The workflow
    "submit sub-budget": gettext_lazy("the sub-budget was submitted"),
    "withdraw sub-budget": gettext_lazy("the sub-budget was taken back"),
    "return sub-budget": gettext_lazy("the sub-budget was returned"),
    "approve sub-budget": gettext_lazy("the sub-budget was approved"),
    "lock sub-budget": gettext_lazy("the sub-budget was locked"),
    "unlock sub-budget": gettext_lazy("the sub-budget was unlocked"),
    "compile budget": gettext_lazy("the budget was compiled"),
    "propose budget": gettext_lazy("the budget was proposed to the board"),
    "reopen budget": gettext_lazy("the budget was opened again"),
    "set deadlines": gettext_lazy("deadlines were set"),
    "mark as read": gettext_lazy("changes were marked as read"),
    "change text on essential changes": gettext_lazy("the text on essential changes was changed"),
    # Comments, attachments and tasks
    "add comment": gettext_lazy("a comment was written"),
    "reply to comment": gettext_lazy("a comment was answered"),
    "change comment": gettext_lazy("a comment was changed"),
    "remove comment": gettext_lazy("a comment was removed"),
    "resolve comment": gettext_lazy("a thread was resolved"),
    "reopen comment": gettext_lazy("a thread was opened again"),
    "give task": gettext_lazy("a task was given"),
    "task is done": gettext_lazy("a task was done"),
    "task is not done": gettext_lazy("a task was opened again"),
    "store file": gettext_lazy("a file was stored"),
    "remove files of old jobs": gettext_lazy("files of old jobs were removed"),
    "choose mail": gettext_lazy("it was chosen what is mailed"),
    # Objects, plans and decisions
    "texts of object": gettext_lazy("the object's texts were changed"),
    "new object plan": gettext_lazy("an object plan was begun"),
    "change object plan": gettext_lazy("an object plan was changed"),
    "new development item": gettext_lazy("a development item was added"),
    "change development item": gettext_lazy("a development item was changed"),
    "priority of development item": gettext_lazy("development items were put in another order"),
    "remove development item": gettext_lazy("a development item was removed"),
    "enter decision": gettext_lazy("a decision was entered"),
    "change decision": gettext_lazy("a decision was changed"),
    "remove document of decision": gettext_lazy("a document of a decision was removed"),
    "remove planned decision": gettext_lazy("a planned decision was removed"),
    "add condition": gettext_lazy("a condition was added"),
    "condition met": gettext_lazy("a condition was met"),
    "condition open again": gettext_lazy("a condition is open again"),
    "remove condition": gettext_lazy("a condition was removed"),
    # The rest
    "link reason": gettext_lazy("a reason was linked"),
    "remove reason": gettext_lazy("a reason was removed"),
    "undo change of reason": gettext_lazy("a change of a reason was undone"),
    "edit text of the house": gettext_lazy("a text of the house was changed"),
}
# Those with a part that differs; what a group holds goes into the words.
PATTERNS: tuple[tuple[re.Pattern[str], str | Promise], ...] = tuple(
    (re.compile(pattern, re.DOTALL), said)
    for pattern, said in (
        ("adopt by (?P<rest>.+)", gettext_lazy("adopted by %(rest)s")),
        ("copy forward of (?P<rest>.+)", gettext_lazy("copied forward from %(rest)s")),
        ("revision of (?P<rest>.+)", gettext_lazy("a revision of %(rest)s was begun")),
        ("decision of council: (?P<rest>.+)", gettext_lazy("a council's decision was entered: %(rest)s")),
        (r"invoice (?P<budget>\S+) month (?P<month>\S+)", gettext_lazy("month %(month)s of %(budget)s was invoiced")),
        ("API token (?P<token>.+) for (?P<customer>.+)", gettext_lazy("API token %(token)s was made for %(customer)s")),
        ("API token (?P<token>.+) revoked", gettext_lazy("API token %(token)s was revoked")),
        ("remove attachment (?P<rest>.+)", gettext_lazy("the attachment %(rest)s was removed")),
        (r"\S+ removed a document of a decision", gettext_lazy("a document of a decision was removed")),
    )
)
# What is there then was there before: a note of that time says nothing of why it came back.
GOING_BACK = frozenset({"undo", "redo", "undo delete of cost line", "restore earlier values of cost line"})
# A request that no service named a reason for.
REQUEST = re.compile(r"(?:POST|PUT|PATCH|DELETE) /(admin/)?\S*")


def say_reason(reason: str, own: str = "") -> str:
    """Why, in the person's own words before the system's; empty when not told.

    `own` is what was written in the same change about why, as the note of a line or the comment of a step.
    """
    said = say_verb(reason)
    if said is None:
        return reason
    return own if own and reason not in GOING_BACK else said


def say_verb(reason: str) -> str | None:
    """A reason of the system in the reader's language; None for one that a person wrote."""
    if not reason:
        return ""
    if reason in REASONS:
        return str(REASONS[reason])
    for pattern, said in PATTERNS:
        if found := pattern.fullmatch(reason):
            return str(said) % found.groupdict()
    asked = REQUEST.fullmatch(reason)
    if asked:
        return _("changed in the administration") if asked[1] else ""
    return None
