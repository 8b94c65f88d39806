"""Why something was changed, as history keeps it: a code, and what the reader is shown with it.

History keeps what was written: a code never changes its meaning, and one that is used no more stays, with its words.
Until 2026 a reason was kept as an English sentence; those of installed databases are read by `read_reason` for good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reason(TextChoices):
    """What a change was made for; the label tells it. What differs from change to change stands in it by its name."""

    DEMO = "demo", _("the demo was loaded")
    # Cost lines
    ADD_COST_LINE = "add_cost_line", _("a line was added")
    COPY_COST_LINE = "copy_cost_line", _("a line was copied")
    CHANGE_COST_LINE = "change_cost_line", _("a line was changed")
    CHANGE_COST_LINES = "change_cost_lines", _("lines were changed")
    CHANGE_SEVERAL_AMOUNTS = "change_several_amounts", _("several amounts were changed together")
    PASTE_INTO_COST_LINES = "paste_into_cost_lines", _("values were pasted into lines")
    MOVE_COST_LINES = "move_cost_lines", _("lines were moved")
    DELETE_COST_LINE = "delete_cost_line", _("a line was deleted")
    DELETE_COST_LINES = "delete_cost_lines", _("lines were deleted")
    UNDO = "undo", _("a change was undone")
    REDO = "redo", _("an undone change was made again")
    UNDO_DELETE_OF_COST_LINE = "undo_delete_of_cost_line", _("a deletion was undone")
    RESTORE_EARLIER_VALUES_OF_COST_LINE = "restore_earlier_values_of_cost_line", _("earlier values were restored")
    # The workflow
    SUBMIT_SUB_BUDGET = "submit_sub_budget", _("the sub-budget was submitted")
    WITHDRAW_SUB_BUDGET = "withdraw_sub_budget", _("the sub-budget was taken back")
    RETURN_SUB_BUDGET = "return_sub_budget", _("the sub-budget was returned")
    APPROVE_SUB_BUDGET = "approve_sub_budget", _("the sub-budget was approved")
    LOCK_SUB_BUDGET = "lock_sub_budget", _("the sub-budget was locked")
    UNLOCK_SUB_BUDGET = "unlock_sub_budget", _("the sub-budget was unlocked")
    COMPILE_BUDGET = "compile_budget", _("the budget was compiled")
    PROPOSE_BUDGET = "propose_budget", _("the budget was proposed to the board")
    REOPEN_BUDGET = "reopen_budget", _("the budget was opened again")
    SET_DEADLINES = "set_deadlines", _("deadlines were set")
    MARK_AS_READ = "mark_as_read", _("changes were marked as read")
    CHANGE_TEXT_ON_ESSENTIAL_CHANGES = (
        "change_text_on_essential_changes",
        _("the text on essential changes was changed"),
    )
    # Comments, attachments and tasks
    ADD_COMMENT = "add_comment", _("a comment was written")
    REPLY_TO_COMMENT = "reply_to_comment", _("a comment was answered")
    CHANGE_COMMENT = "change_comment", _("a comment was changed")
    REMOVE_COMMENT = "remove_comment", _("a comment was removed")
    RESOLVE_COMMENT = "resolve_comment", _("a thread was resolved")
    REOPEN_COMMENT = "reopen_comment", _("a thread was opened again")
    GIVE_TASK = "give_task", _("a task was given")
    CHANGE_TASK = "change_task", _("a task was changed")
    END_TASK = "end_task", _("a task was ended")
    TASK_IS_DONE = "task_is_done", _("a task was done")
    TASK_IS_NOT_DONE = "task_is_not_done", _("a task was opened again")
    STORE_FILE = "store_file", _("a file was stored")
    REMOVE_FILES_OF_OLD_JOBS = "remove_files_of_old_jobs", _("files of old jobs were removed")
    CHOOSE_MAIL = "choose_mail", _("it was chosen what is mailed")
    # Objects, plans and decisions
    TEXTS_OF_OBJECT = "texts_of_object", _("the object's texts were changed")
    NEW_OBJECT_PLAN = "new_object_plan", _("an object plan was begun")
    CHANGE_OBJECT_PLAN = "change_object_plan", _("an object plan was changed")
    NEW_DEVELOPMENT_ITEM = "new_development_item", _("a development item was added")
    CHANGE_DEVELOPMENT_ITEM = "change_development_item", _("a development item was changed")
    PRIORITY_OF_DEVELOPMENT_ITEM = "priority_of_development_item", _("development items were put in another order")
    REMOVE_DEVELOPMENT_ITEM = "remove_development_item", _("a development item was removed")
    ENTER_DECISION = "enter_decision", _("a decision was entered")
    CHANGE_DECISION = "change_decision", _("a decision was changed")
    REMOVE_DOCUMENT_OF_DECISION = "remove_document_of_decision", _("a document of a decision was removed")
    REMOVE_PLANNED_DECISION = "remove_planned_decision", _("a planned decision was removed")
    ADD_CONDITION = "add_condition", _("a condition was added")
    CONDITION_MET = "condition_met", _("a condition was met")
    CONDITION_OPEN_AGAIN = "condition_open_again", _("a condition is open again")
    REMOVE_CONDITION = "remove_condition", _("a condition was removed")
    # The rest
    LINK_REASON = "link_reason", _("a reason was linked")
    REMOVE_REASON = "remove_reason", _("a reason was removed")
    UNDO_CHANGE_OF_REASON = "undo_change_of_reason", _("a change of a reason was undone")
    EDIT_TEXT_OF_THE_HOUSE = "edit_text_of_the_house", _("a text of the house was changed")
    ADOPT = "adopt", _("adopted by %(decision)s")
    COPY_FORWARD = "copy_forward", _("copied forward from %(budget)s")
    REVISE = "revise", _("a revision of %(budget)s was begun")
    DECIDE_IN_COUNCIL = "decide_in_council", _("a council's decision was entered: %(decision)s")
    INVOICE = "invoice", _("month %(month)s of %(budget)s was invoiced")
    MAKE_TOKEN = "make_token", _("API token %(token)s was made for %(customer)s")
    REVOKE_TOKEN = "revoke_token", _("API token %(token)s was revoked")
    REMOVE_ATTACHMENT = "remove_attachment", _("the attachment %(name)s was removed")
    # A person's own words.
    SAID = "said", "%(words)s"
    # A request whose reason no service named; only that of the administration says something.
    REQUEST = "request", ""
    ADMINISTRATION = "administration", _("changed in the administration")


# What is there then was there before: a note of that time says nothing of why it came back.
GOING_BACK = frozenset(
    {Reason.UNDO, Reason.REDO, Reason.UNDO_DELETE_OF_COST_LINE, Reason.RESTORE_EARLIER_VALUES_OF_COST_LINE}
)

# The sentences that history was written in before, where a part of them differs; the others are the code with spaces.
SENTENCES: tuple[tuple[re.Pattern[str], Reason], ...] = tuple(
    (re.compile(pattern, re.DOTALL), reason)
    for pattern, reason in (
        ("adopt by (?P<decision>.+)", Reason.ADOPT),
        ("copy forward of (?P<budget>.+)", Reason.COPY_FORWARD),
        ("revision of (?P<budget>.+)", Reason.REVISE),
        ("decision of council: (?P<decision>.+)", Reason.DECIDE_IN_COUNCIL),
        (r"invoice (?P<budget>\S+) month (?P<month>\S+)", Reason.INVOICE),
        ("API token (?P<token>.+) for (?P<customer>.+)", Reason.MAKE_TOKEN),
        ("API token (?P<token>.+) revoked", Reason.REVOKE_TOKEN),
        ("remove attachment (?P<name>.+)", Reason.REMOVE_ATTACHMENT),
        (r"\S+ removed a document of a decision", Reason.REMOVE_DOCUMENT_OF_DECISION),
        (r"(?:POST|PUT|PATCH|DELETE) /admin/\S*", Reason.ADMINISTRATION),
        (r"(?:POST|PUT|PATCH|DELETE) /\S*", Reason.REQUEST),
    )
)
TO_CODE = str.maketrans(" -", "__")


def read_reason(context: Mapping[str, object] | None) -> tuple[Reason | None, dict[str, str]]:
    """Return the reason that an event's context tells of, and what differs in it; None where it tells of none."""
    kept = context or {}
    said = str(kept.get("reason") or "")
    if not said:
        return None, {}
    if said in Reason:
        return Reason(said), dict(cast(Mapping[str, str], kept.get("of") or {}))
    return _read_sentence(said)


def _read_sentence(said: str) -> tuple[Reason, dict[str, str]]:
    """Return a sentence of before; any that the system did not write is a person's own."""
    code = said.translate(TO_CODE)
    if code in Reason and " " in said:
        return Reason(code), {}
    for pattern, reason in SENTENCES:
        if match := pattern.fullmatch(said):
            return reason, match.groupdict()
    return Reason.SAID, {"words": said}


def say_reason(context: Mapping[str, object] | None, own: str = "") -> str:
    """Return why, in the person's own words before the system's; empty when not told.

    `own` is what was written in the same change about why, as the note of a line or the comment of a step.
    """
    reason, parts = read_reason(context)
    if reason is Reason.SAID or reason in GOING_BACK or not own:
        return _say(reason, parts)
    return own


def _say(reason: Reason | None, parts: Mapping[str, str]) -> str:
    words = str(reason.label) if reason else ""
    return words % parts if parts else words
