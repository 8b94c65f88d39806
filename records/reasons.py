"""What somebody did, as history keeps it: a code, and the words of it, which follow the name of who did it.

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
    """What was done; the label goes on after the name of who did it. What differs each time stands in it by its name."""

    DEMO = "demo", _("loaded the demo")
    CALCULATE = "calculate", _("calculated staff time, server operation and personnel")
    # Pools and posts
    CHANGE_HOURS = "change_hours", _("changed hours and shares of pools")
    PASTE_INTO_HOURS = "paste_into_hours", _("pasted into hours and shares of pools")
    ADD_POOL = "add_pool", _("added a cost pool")
    CHANGE_POOL = "change_pool", _("changed a cost pool")
    REMOVE_POOL = "remove_pool", _("removed a cost pool")
    CALCULATE_AGAIN = "calculate_again", _("had the cost pools calculated again")
    ADD_POST = "add_post", _("added a post")
    CHANGE_POST = "change_post", _("changed a post")
    REMOVE_POST = "remove_post", _("removed a post")
    RESTORE_POST = "restore_post", _("put a removed post back")
    ADD_MOVED_COST = "add_moved_cost", _("recorded moved cost")
    CHANGE_MOVED_COST = "change_moved_cost", _("changed moved cost")
    REMOVE_MOVED_COST = "remove_moved_cost", _("removed moved cost")
    RESTORE_MOVED_COST = "restore_moved_cost", _("put removed moved cost back")
    SWITCH_TO_CALCULATED = "switch_to_calculated", _("had a cost calculated instead of entered")
    SWITCH_TO_ENTERED = "switch_to_entered", _("had a cost entered instead of calculated")
    # Investments
    ADD_PURCHASE = "add_purchase", _("added the purchase “%(purchase)s”")
    CHANGE_PURCHASE = "change_purchase", _("changed the purchase “%(purchase)s”")
    CHANGE_PURCHASES = "change_purchases", _("changed the investment budget")
    PASTE_INTO_PURCHASES = "paste_into_purchases", _("pasted into the investment budget")
    REMOVE_PURCHASE = "remove_purchase", _("removed the purchase “%(purchase)s”")
    ADD_INVESTMENT = "add_investment", _("added “%(row)s” to the investment budget")
    CHANGE_INVESTMENT = "change_investment", _("changed “%(row)s” in the investment budget")
    REMOVE_INVESTMENT = "remove_investment", _("removed “%(row)s” from the investment budget")
    CHANGE_CARRIERS = "change_carriers", _("changed which products carry “%(row)s”")
    TAKE_REPLACEMENTS = "take_replacements", _("took a proposal of the replacement plan")
    ADD_STRATEGY = "add_strategy", _("added the hardware strategy “%(row)s”")
    CHANGE_STRATEGY = "change_strategy", _("changed the hardware strategy “%(row)s”")
    REMOVE_STRATEGY = "remove_strategy", _("removed the hardware strategy “%(row)s”")
    COUNT_CAPITAL = "count_capital", _("had depreciation and interest calculated instead of entered")
    CHANGE_PURCHASE_STATE = "change_purchase_state", _("noted how far a purchase has come")
    CARRY_OVER = "carry_over", _("carried a purchase over to the next year")
    UNDO_PURCHASES = "undo_purchases", _("took back a change of the investment budget")
    # Cost lines
    ADD_COST_LINE = "add_cost_line", _("added a line")
    COPY_COST_LINE = "copy_cost_line", _("copied a line")
    CHANGE_COST_LINE = "change_cost_line", _("changed a line")
    CHANGE_COST_LINES = "change_cost_lines", _("changed lines")
    CHANGE_SEVERAL_AMOUNTS = "change_several_amounts", _("changed several amounts together")
    PASTE_INTO_COST_LINES = "paste_into_cost_lines", _("pasted into lines")
    MOVE_COST_LINES = "move_cost_lines", _("moved lines")
    DELETE_COST_LINE = "delete_cost_line", _("deleted a line")
    DELETE_COST_LINES = "delete_cost_lines", _("deleted lines")
    UNDO = "undo", _("undid a change")
    REDO = "redo", _("made an undone change again")
    UNDO_DELETE_OF_COST_LINE = "undo_delete_of_cost_line", _("undid a deletion")
    RESTORE_EARLIER_VALUES_OF_COST_LINE = "restore_earlier_values_of_cost_line", _("restored earlier values")
    # The workflow
    SUBMIT_SUB_BUDGET = "submit_sub_budget", _("submitted the sub-budget")
    WITHDRAW_SUB_BUDGET = "withdraw_sub_budget", _("took back the sub-budget")
    RETURN_SUB_BUDGET = "return_sub_budget", _("returned the sub-budget")
    APPROVE_SUB_BUDGET = "approve_sub_budget", _("approved the sub-budget")
    LOCK_SUB_BUDGET = "lock_sub_budget", _("locked the sub-budget")
    UNLOCK_SUB_BUDGET = "unlock_sub_budget", _("unlocked the sub-budget")
    COMPILE_BUDGET = "compile_budget", _("compiled the budget")
    PROPOSE_BUDGET = "propose_budget", _("proposed the budget to the board")
    REOPEN_BUDGET = "reopen_budget", _("opened the budget again")
    SET_DEADLINES = "set_deadlines", _("set deadlines")
    MARK_AS_READ = "mark_as_read", _("marked changes as read")
    CHANGE_TEXT_ON_ESSENTIAL_CHANGES = (
        "change_text_on_essential_changes",
        _("changed the text on essential changes"),
    )
    # Products
    ADD_PRODUCT = "add_product", _("added the product %(product)s")
    CHANGE_PRODUCT = "change_product", _("changed the product %(product)s")
    CONFIRM_PRODUCT = "confirm_product", _("confirmed the category of the product %(product)s")
    END_PRODUCT = "end_product", _("ended the product %(product)s")
    SPLIT_PRODUCT = "split_product", _("split the product %(product)s")
    MERGE_PRODUCTS = "merge_products", _("merged the product %(product)s into %(into)s")
    UNDO_PRODUCT = "undo_product", _("undid a change of products")
    PROPOSE_PRODUCT = "propose_product", _("proposed a change of products")
    ACCEPT_PROPOSAL = "accept_proposal", _("accepted a proposal on products")
    DECLINE_PROPOSAL = "decline_proposal", _("declined a proposal on products")
    WITHDRAW_PROPOSAL = "withdraw_proposal", _("withdrew a proposal on products")
    # Allocation keys
    ADD_KEY = "add_key", _("added the allocation key %(key)s")
    CHANGE_KEY = "change_key", _("changed the allocation key %(key)s")
    # Registers
    ADD_CUSTOMER = "add_customer", _("added the customer %(row)s")
    CHANGE_CUSTOMER = "change_customer", _("changed the customer %(row)s")
    REMOVE_CUSTOMER = "remove_customer", _("removed the customer %(row)s")
    ADD_COUNT = "add_count", _("entered inhabitants: %(row)s")
    CHANGE_COUNT = "change_count", _("changed inhabitants: %(row)s")
    REMOVE_COUNT = "remove_count", _("removed inhabitants: %(row)s")
    CHANGE_FEDERATION = "change_federation", _("changed what is said of the federation")
    ADD_OBJECT = "add_object", _("added the object %(row)s")
    CHANGE_OBJECT = "change_object", _("changed the object %(row)s")
    ORDER_OBJECTS = "order_objects", _("put the objects in another order")
    ADD_SUB_BUDGET = "add_sub_budget", _("added a sub-budget: %(row)s")
    REMOVE_SUB_BUDGET = "remove_sub_budget", _("removed an empty sub-budget: %(row)s")
    REMOVE_OBJECT = "remove_object", _("removed the object %(row)s")
    ADD_ASSET_CLASS = "add_asset_class", _("added the asset class %(row)s")
    CHANGE_ASSET_CLASS = "change_asset_class", _("changed the asset class %(row)s")
    ORDER_ASSET_CLASSES = "order_asset_classes", _("put the asset classes in another order")
    REMOVE_ASSET_CLASS = "remove_asset_class", _("removed the asset class %(row)s")
    ADD_DEVICES = "add_devices", _("added devices: %(row)s")
    CHANGE_DEVICES = "change_devices", _("changed devices: %(row)s")
    REMOVE_DEVICES = "remove_devices", _("removed devices: %(row)s")
    RETIRE_DEVICES = "retire_devices", _("retired devices: %(row)s")
    WRITE_DOWN_DEVICES = "write_down_devices", _("wrote down devices: %(row)s")
    ADD_FIGURE = "add_figure", _("entered a published figure: %(row)s")
    CHANGE_FIGURE = "change_figure", _("corrected a published figure: %(row)s")
    REMOVE_FIGURE = "remove_figure", _("removed a published figure: %(row)s")
    ADD_LOAN = "add_loan", _("added the loan %(row)s")
    CHANGE_LOAN = "change_loan", _("changed the loan %(row)s")
    REMOVE_LOAN = "remove_loan", _("removed the loan %(row)s")
    ADD_LOAN_STATEMENT = "add_loan_statement", _("entered a statement of the loan %(row)s")
    CHANGE_LOAN_STATEMENT = "change_loan_statement", _("changed a statement of the loan %(row)s")
    REMOVE_LOAN_STATEMENT = "remove_loan_statement", _("removed a statement of the loan %(row)s")
    PLAN_REPAYMENT = "plan_repayment", _("planned how a loan is repaid: %(row)s")
    ADD_EQUITY = "add_equity", _("entered in equity and balance sheet: %(row)s")
    CHANGE_EQUITY = "change_equity", _("changed in equity and balance sheet: %(row)s")
    REMOVE_EQUITY = "remove_equity", _("removed from equity and balance sheet: %(row)s")
    ADD_REQUEST = "add_request", _("wrote the supplementary request %(row)s")
    CHANGE_REQUEST = "change_request", _("changed the supplementary request %(row)s")
    REMOVE_REQUEST = "remove_request", _("removed the supplementary request %(row)s")
    SUBMIT_REQUEST = "submit_request", _("submitted the supplementary request %(row)s")
    TAKE_BACK_REQUEST = "take_back_request", _("took back the supplementary request %(row)s")
    ANSWER_REQUEST = "answer_request", _("answered the supplementary request %(row)s")
    REOPEN_REQUEST = "reopen_request", _("took back the answer to the supplementary request %(row)s")
    GATHER_REQUESTS = "gather_requests", _("gathered supplementary requests into %(budget)s")
    TAKE_OUT_REQUEST = "take_out_request", _("took the supplementary request %(row)s out of %(budget)s")
    UNDO_REGISTER = "undo_register", _("undid a change of a register")
    # Users
    INVITE_PERSON = "invite_person", _("invited %(person)s")
    WITHDRAW_INVITATION = "withdraw_invitation", _("withdrew the invitation of %(person)s")
    GIVE_ROLE = "give_role", _("gave %(person)s a role")
    TAKE_ROLE = "take_role", _("took a role from %(person)s")
    CLOSE_PERSON = "close_person", _("closed the user %(person)s")
    OPEN_PERSON = "open_person", _("opened the user %(person)s")
    # Comments, attachments and tasks
    ADD_COMMENT = "add_comment", _("wrote a comment")
    REPLY_TO_COMMENT = "reply_to_comment", _("answered a comment")
    CHANGE_COMMENT = "change_comment", _("changed a comment")
    REMOVE_COMMENT = "remove_comment", _("removed a comment")
    RESOLVE_COMMENT = "resolve_comment", _("marked a thread as resolved")
    REOPEN_COMMENT = "reopen_comment", _("opened a thread again")
    GIVE_TASK = "give_task", _("gave a task")
    CHANGE_TASK = "change_task", _("changed a task")
    END_TASK = "end_task", _("ended a task")
    TASK_IS_DONE = "task_is_done", _("marked a task as done")
    TASK_IS_NOT_DONE = "task_is_not_done", _("opened a task again")
    STORE_FILE = "store_file", _("stored a file")
    REMOVE_FILES_OF_OLD_JOBS = "remove_files_of_old_jobs", _("removed files of old jobs")
    CHOOSE_MAIL = "choose_mail", _("chose what is mailed")
    # Objects, plans and decisions
    TEXTS_OF_OBJECT = "texts_of_object", _("changed the object's texts")
    NEW_OBJECT_PLAN = "new_object_plan", _("began an object plan")
    CHANGE_OBJECT_PLAN = "change_object_plan", _("changed an object plan")
    NEW_DEVELOPMENT_ITEM = "new_development_item", _("added a development item")
    CHANGE_DEVELOPMENT_ITEM = "change_development_item", _("changed a development item")
    PRIORITY_OF_DEVELOPMENT_ITEM = "priority_of_development_item", _("put development items in another order")
    REMOVE_DEVELOPMENT_ITEM = "remove_development_item", _("removed a development item")
    ENTER_DECISION = "enter_decision", _("entered a decision")
    CHANGE_DECISION = "change_decision", _("changed a decision")
    REMOVE_DOCUMENT_OF_DECISION = "remove_document_of_decision", _("removed a document of a decision")
    REMOVE_PLANNED_DECISION = "remove_planned_decision", _("removed a planned decision")
    ADD_CONDITION = "add_condition", _("added a condition")
    CONDITION_MET = "condition_met", _("marked a condition as met")
    CONDITION_OPEN_AGAIN = "condition_open_again", _("opened a condition again")
    REMOVE_CONDITION = "remove_condition", _("removed a condition")
    # Imports
    BEGIN_IMPORT = "begin_import", _("read in a file")
    SAVE_IMPORT = "save_import", _("saved the import %(file)s from %(source)s")
    UNDO_IMPORT = "undo_import", _("undid the import %(file)s from %(source)s")
    DISCARD_IMPORT = "discard_import", _("discarded the file %(file)s")
    # Planning rates
    ADD_RATE = "add_rate", _("added a planning rate")
    CHANGE_RATE = "change_rate", _("changed a planning rate")
    CHOOSE_RATE = "choose_rate", _("chose which budgets use a planning rate")
    ADD_INDEX = "add_index", _("added an index")
    CHANGE_INDEX = "change_index", _("changed an index")
    # Scenarios of the stress test
    SAVE_SCENARIO = "save_scenario", _("saved the scenario %(row)s")
    CHANGE_SCENARIO = "change_scenario", _("changed the scenario %(row)s")
    REMOVE_SCENARIO = "remove_scenario", _("removed the scenario %(row)s")
    # Contracts, and lines that are made of something
    ADD_CONTRACT = "add_contract", _("added a contract")
    CHANGE_CONTRACT = "change_contract", _("changed a contract")
    REMOVE_CONTRACT = "remove_contract", _("removed a contract")
    LINE_OF_CONTRACT = "line_of_contract", _("made a line of a contract")
    LINE_OF_ITEM = "line_of_item", _("made a line of a development item")
    # The rest
    LINK_REASON = "link_reason", _("linked a reason")
    REMOVE_REASON = "remove_reason", _("removed a reason")
    UNDO_CHANGE_OF_REASON = "undo_change_of_reason", _("undid a change of a reason")
    EDIT_TEXT_OF_THE_HOUSE = "edit_text_of_the_house", _("changed a text of the house")
    ADOPT = "adopt", _("adopted the budget by %(decision)s")
    COPY_FORWARD = "copy_forward", _("copied forward from %(budget)s")
    UNDO_START = "undo_start", _("undid the start of %(name)s, which nobody had changed, and removed it")
    SET_CLOCK = "set_clock", _("changed the year's days")
    REVISE = "revise", _("began a revision of %(budget)s")
    DECIDE_IN_COUNCIL = "decide_in_council", _("entered a council's decision: %(decision)s")
    SAVE_FRAMEWORK = "save_framework", _("entered the borrowing framework %(row)s")
    SAVE_RECOURSE = "save_recourse", _("entered the shares of the recourse agreement of %(row)s")
    SIGN_RECOURSE = "sign_recourse", _("entered a signature of the recourse agreement: %(row)s")
    START_PACKAGE = "start_package", _("began the council package of %(row)s")
    CHANGE_PACKAGE = "change_package", _("changed the text of the council package of %(row)s")
    SEND_PACKAGE = "send_package", _("sent the council package of %(row)s")
    PLAN_COUNCIL = "plan_council", _("planned a council's decision: %(row)s")
    ADD_PACKAGE_DOCUMENT = "add_package_document", _("added a document to the council package of %(row)s")
    REMOVE_PACKAGE_DOCUMENT = "remove_package_document", _("removed a document of the council package of %(row)s")
    INVOICE = "invoice", _("invoiced month %(month)s of %(budget)s")
    MAKE_TOKEN = "make_token", _("made the API token %(token)s for %(customer)s")
    REVOKE_TOKEN = "revoke_token", _("revoked the API token %(token)s")
    REMOVE_ATTACHMENT = "remove_attachment", _("removed the attachment %(name)s")
    GIVE_REASON = "give_reason", _("wrote why")
    # A person's own words.
    SAID = "said", "%(words)s"
    # A request whose reason no service named; only that of the administration says something.
    REQUEST = "request", ""
    ADMINISTRATION = "administration", _("changed in the administration")


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
CODES = frozenset(Reason.values)  # what is no code is asked for too, and an enumeration looks through all it has


def read_reason(context: Mapping[str, object] | None) -> tuple[Reason | None, dict[str, str]]:
    """Return the reason that an event's context tells of, and what differs in it; None where it tells of none."""
    kept = context or {}
    said = str(kept.get("reason") or "")
    if not said:
        return None, {}
    if said in CODES:
        return Reason(said), dict(cast(Mapping[str, str], kept.get("of") or {}))
    return _read_sentence(said)


def _read_sentence(said: str) -> tuple[Reason, dict[str, str]]:
    """Return a sentence of before; any that the system did not write is a person's own."""
    code = said.translate(TO_CODE)
    if code in CODES and " " in said:
        return Reason(code), {}
    for pattern, reason in SENTENCES:
        if match := pattern.fullmatch(said):
            return reason, match.groupdict()
    return Reason.SAID, {"words": said}


def say_act(context: Mapping[str, object] | None, names: Mapping[str, str] | None = None) -> str:
    """Return what was done, to go on after a name; empty when not told.

    `names` are those of budgets, by the slugs that history keeps.
    """
    reason, parts = read_reason(context)
    if reason is None or reason is Reason.SAID:
        return ""
    if "budget" in parts:
        parts |= {"budget": (names or {}).get(parts["budget"], parts["budget"])}
    words = str(reason.label)
    return words % parts if "%(" in words and parts else words


def say_reason(context: Mapping[str, object] | None) -> str:
    """Return why, in the words of a person; empty where nobody said it."""
    reason, parts = read_reason(context)
    return parts.get("words", "") if reason is Reason.SAID else ""
