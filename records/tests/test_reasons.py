"""Reasons of changes: a code with its parts, told in the reader's words; sentences of before are told as they were."""

from __future__ import annotations

import ast

import pytest
from django.conf import settings
from django.utils.translation import override

from budgets.models import Action
from budgets.models.workflow import BUDGET_ACTIONS
from records.reasons import GOING_BACK, Reason, read_reason, say_reason
from records.services import change

# Their reasons are no reasons of changes.
NOT_SERVICES = {"benchmarks", "tests"}
# What installed databases hold, and how it has been told.
BEFORE = (
    ("", ""),
    ("demo", "the demo was loaded"),
    ("add cost line", "a line was added"),
    ("copy cost line", "a line was copied"),
    ("change cost line", "a line was changed"),
    ("change cost lines", "lines were changed"),
    ("change several amounts", "several amounts were changed together"),
    ("paste into cost lines", "values were pasted into lines"),
    ("move cost lines", "lines were moved"),
    ("delete cost line", "a line was deleted"),
    ("delete cost lines", "lines were deleted"),
    ("undo", "a change was undone"),
    ("redo", "an undone change was made again"),
    ("undo delete of cost line", "a deletion was undone"),
    ("restore earlier values of cost line", "earlier values were restored"),
    ("submit sub-budget", "the sub-budget was submitted"),
    ("withdraw sub-budget", "the sub-budget was taken back"),
    ("return sub-budget", "the sub-budget was returned"),
    ("approve sub-budget", "the sub-budget was approved"),
    ("lock sub-budget", "the sub-budget was locked"),
    ("unlock sub-budget", "the sub-budget was unlocked"),
    ("compile budget", "the budget was compiled"),
    ("propose budget", "the budget was proposed to the board"),
    ("reopen budget", "the budget was opened again"),
    ("set deadlines", "deadlines were set"),
    ("mark as read", "changes were marked as read"),
    ("change text on essential changes", "the text on essential changes was changed"),
    ("add comment", "a comment was written"),
    ("reply to comment", "a comment was answered"),
    ("change comment", "a comment was changed"),
    ("remove comment", "a comment was removed"),
    ("resolve comment", "a thread was resolved"),
    ("reopen comment", "a thread was opened again"),
    ("give task", "a task was given"),
    ("task is done", "a task was done"),
    ("task is not done", "a task was opened again"),
    ("store file", "a file was stored"),
    ("remove files of old jobs", "files of old jobs were removed"),
    ("choose mail", "it was chosen what is mailed"),
    ("texts of object", "the object's texts were changed"),
    ("new object plan", "an object plan was begun"),
    ("change object plan", "an object plan was changed"),
    ("new development item", "a development item was added"),
    ("change development item", "a development item was changed"),
    ("priority of development item", "development items were put in another order"),
    ("remove development item", "a development item was removed"),
    ("enter decision", "a decision was entered"),
    ("change decision", "a decision was changed"),
    ("remove document of decision", "a document of a decision was removed"),
    ("remove planned decision", "a planned decision was removed"),
    ("add condition", "a condition was added"),
    ("condition met", "a condition was met"),
    ("condition open again", "a condition is open again"),
    ("remove condition", "a condition was removed"),
    ("link reason", "a reason was linked"),
    ("remove reason", "a reason was removed"),
    ("undo change of reason", "a change of a reason was undone"),
    ("edit text of the house", "a text of the house was changed"),
    ("adopt by § 5:\n100 % of it", "adopted by § 5:\n100 % of it"),
    ("copy forward of budget-2026", "copied forward from budget-2026"),
    ("revision of budget-2026", "a revision of budget-2026 was begun"),
    ("decision of council: Vimmerby kommun: 1 tkr", "a council's decision was entered: Vimmerby kommun: 1 tkr"),
    ("invoice budget-2026 month 3", "month 3 of budget-2026 was invoiced"),
    ("API token a for b (x…) for Kinda kommun", "API token a for b (x…) was made for Kinda kommun"),
    ("API token a (x…) revoked", "API token a (x…) was revoked"),
    ("remove attachment offer 100 %.pdf", "the attachment offer 100 %.pdf was removed"),
    ("ekonom@demo.example removed a document of a decision", "a document of a decision was removed"),
    ("POST /admin/accounts/user/1/change/", "changed in the administration"),
    ("POST /budgets/x/", ""),
    ("the supplier's new price", "the supplier's new price"),
    ("POST /a and so on", "POST /a and so on"),
)


@override("en")
@pytest.mark.parametrize(("sentence", "told"), BEFORE)
def test_sentence_of_an_installed_database_is_told_as_before(sentence: str, told: str) -> None:
    assert say_reason({"by": "x", "reason": sentence}) == told


def test_every_reason_has_words_in_both_languages_but_a_request() -> None:
    for reason in Reason:
        english, swedish = (said(reason, language) for language in ("en", "sv"))
        assert english or reason is Reason.REQUEST
        assert english != swedish or reason in (Reason.REQUEST, Reason.SAID), reason


def said(reason: Reason, language: str) -> str:
    with override(language):
        return str(reason.label)


def test_every_step_of_a_sub_budget_has_a_reason() -> None:
    for action in Action:
        assert action in BUDGET_ACTIONS or f"{action}_sub_budget" in Reason


@override("en")
def test_persons_own_words_go_before_the_systems() -> None:
    price = {"reason": "said", "of": {"words": "100 % of the supplier's %(price)s"}}
    assert say_reason(price, "a note") == "100 % of the supplier's %(price)s"
    assert say_reason({"reason": "change_cost_line"}, "dearer from May") == "dearer from May"
    for back in GOING_BACK:
        assert say_reason({"reason": back.value}, "an older note") == str(back.label)
    assert say_reason({"reason": "request", "of": {"request": "POST /x"}}) == "" == say_reason(None)
    assert say_reason({}, "a note") == "a note" == say_reason({"reason": "request"}, "a note")


@override("en")
def test_parts_stand_in_the_words() -> None:
    assert say_reason({"reason": "invoice", "of": {"month": "3", "budget": "b"}}) == "month 3 of b was invoiced"
    assert read_reason({"reason": "adopt", "of": {"decision": "§ 5"}}) == (Reason.ADOPT, {"decision": "§ 5"})


def test_reason_that_is_no_code_is_refused() -> None:
    with pytest.raises(ValueError, match="my own words"), change(by="x", reason="my own words"):  # type: ignore[arg-type]
        pass


def test_no_source_gives_a_sentence_for_a_reason() -> None:
    """What the types say too; a sentence would be kept for good before somebody reads it."""
    ours = [init.parent for init in settings.BASE_DIR.glob("*/__init__.py") if init.parent.name not in NOT_SERVICES]
    paths = [path for app in ours for path in app.rglob("*.py") if "tests" not in path.relative_to(app).parts]
    assert len(paths) > 100
    found = [
        f"{path}:{node.lineno}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "reason" and isinstance(word.value, ast.Constant | ast.JoinedStr | ast.BinOp)
    ]
    assert found == []
