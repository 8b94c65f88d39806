"""Reasons of changes: a code with its parts, told in the reader's words; sentences of before are told as they were."""

from __future__ import annotations

import ast
from datetime import date

import pytest
from django.conf import settings
from django.utils.translation import override

from budgets.models import Action, IndexRate
from budgets.models.workflow import BUDGET_ACTIONS
from records.changes import events_of
from records.reasons import Reason, read_reason, say_act, say_reason
from records.services import change, join_change

# Their reasons are no reasons of changes.
NOT_SERVICES = {"benchmarks", "tests"}
# What installed databases hold, and how it has been told.
BEFORE = (
    ("", ""),
    ("demo", "loaded the demo"),
    ("add cost line", "added a line"),
    ("copy cost line", "copied a line"),
    ("change cost line", "changed a line"),
    ("change cost lines", "changed lines"),
    ("change several amounts", "changed several amounts together"),
    ("paste into cost lines", "pasted into lines"),
    ("move cost lines", "moved lines"),
    ("delete cost line", "deleted a line"),
    ("delete cost lines", "deleted lines"),
    ("undo", "undid a change"),
    ("redo", "made an undone change again"),
    ("undo delete of cost line", "undid a deletion"),
    ("restore earlier values of cost line", "restored earlier values"),
    ("submit sub-budget", "submitted the sub-budget"),
    ("withdraw sub-budget", "took back the sub-budget"),
    ("return sub-budget", "returned the sub-budget"),
    ("approve sub-budget", "approved the sub-budget"),
    ("lock sub-budget", "locked the sub-budget"),
    ("unlock sub-budget", "unlocked the sub-budget"),
    ("compile budget", "compiled the budget"),
    ("propose budget", "proposed the budget to the board"),
    ("reopen budget", "opened the budget again"),
    ("set deadlines", "set deadlines"),
    ("mark as read", "marked changes as read"),
    ("change text on essential changes", "changed the text on essential changes"),
    ("add comment", "wrote a comment"),
    ("reply to comment", "answered a comment"),
    ("change comment", "changed a comment"),
    ("remove comment", "removed a comment"),
    ("resolve comment", "marked a thread as resolved"),
    ("reopen comment", "opened a thread again"),
    ("give task", "gave a task"),
    ("task is done", "marked a task as done"),
    ("task is not done", "opened a task again"),
    ("store file", "stored a file"),
    ("remove files of old jobs", "removed files of old jobs"),
    ("choose mail", "chose what is mailed"),
    ("texts of object", "changed the object's texts"),
    ("new object plan", "began an object plan"),
    ("change object plan", "changed an object plan"),
    ("new development item", "added a development item"),
    ("change development item", "changed a development item"),
    ("priority of development item", "put development items in another order"),
    ("remove development item", "removed a development item"),
    ("enter decision", "entered a decision"),
    ("change decision", "changed a decision"),
    ("remove document of decision", "removed a document of a decision"),
    ("remove planned decision", "removed a planned decision"),
    ("add condition", "added a condition"),
    ("condition met", "marked a condition as met"),
    ("condition open again", "opened a condition again"),
    ("remove condition", "removed a condition"),
    ("link reason", "linked a reason"),
    ("remove reason", "removed a reason"),
    ("undo change of reason", "undid a change of a reason"),
    ("edit text of the house", "changed a text of the house"),
    ("adopt by § 5:\n100 % of it", "adopted the budget by § 5:\n100 % of it"),
    ("copy forward of budget-2026", "copied forward from Budget 2026"),
    ("revision of budget-2026", "began a revision of Budget 2026"),
    ("decision of council: Vimmerby kommun: 1 tkr", "entered a council's decision: Vimmerby kommun: 1 tkr"),
    ("invoice budget-2026 month 3", "invoiced month 3 of Budget 2026"),
    ("API token a for b (x…) for Kinda kommun", "made the API token a for b (x…) for Kinda kommun"),
    ("API token a (x…) revoked", "revoked the API token a (x…)"),
    ("remove attachment offer 100 %.pdf", "removed the attachment offer 100 %.pdf"),
    ("ekonom@demo.example removed a document of a decision", "removed a document of a decision"),
    ("POST /admin/accounts/user/1/change/", "changed in the administration"),
    ("POST /budgets/x/", ""),
)


@override("en")
@pytest.mark.parametrize(("sentence", "told"), BEFORE)
def test_sentence_of_an_installed_database_is_told_as_before(sentence: str, told: str) -> None:
    context = {"by": "x", "reason": sentence}
    assert say_act(context, {"budget-2026": "Budget 2026"}) == told
    assert say_reason(context) == ""


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


def test_only_what_a_person_said_is_a_reason() -> None:
    for said in ("the supplier's new price", "POST /a and so on"):
        assert say_reason({"by": "x", "reason": said}) == said and say_act({"reason": said}) == ""
    price = {"reason": "said", "of": {"words": "100 % of the supplier's %(price)s"}}
    assert say_reason(price) == "100 % of the supplier's %(price)s"
    for reason in set(Reason) - {Reason.SAID}:
        assert say_reason({"reason": reason.value, "of": {"words": "x"}}) == ""
    assert say_reason(None) == "" == say_act(None) == say_act({"reason": "request", "of": {"request": "POST /x"}})


@override("en")
def test_parts_stand_in_the_words_and_a_budget_by_its_name() -> None:
    invoiced = {"reason": "invoice", "of": {"month": "3", "budget": "b"}}
    assert say_act(invoiced) == "invoiced month 3 of b"
    assert say_act(invoiced, {"b": "Budget 2026"}) == "invoiced month 3 of Budget 2026"
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
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") != "Q"  # which asks for rows, and changes none
        for word in node.keywords
        if word.arg == "reason" and isinstance(word.value, ast.Constant | ast.JoinedStr | ast.BinOp)
    ]
    assert found == []


def add_rate(year: int) -> None:
    IndexRate.objects.create(cost_kind="personnel", year=year, valid_from_on=date(2026, 1, 1), percent=1)


def told(year: int) -> str:
    event = events_of(IndexRate).filter(year=year).get()
    return str(event.pgh_context["by"])


@pytest.mark.django_db
def test_after_a_change_inside_another_the_other_speaks_again() -> None:
    with change(by="outer", reason=Reason.DEMO):
        with change(by="inner", reason=Reason.DEMO):
            add_rate(2031)
        add_rate(2032)
        with pytest.raises(ValueError, match="stop"), change(by="failed", reason=Reason.DEMO):
            raise ValueError("stop")
        add_rate(2033)
    assert [told(year) for year in (2031, 2032, 2033)] == ["inner", "outer", "outer"]


@pytest.mark.django_db
def test_part_of_a_change_is_told_as_the_change_and_alone_as_its_own() -> None:
    with change(by="outer", reason=Reason.DEMO), join_change(by="part", reason=Reason.CALCULATE):
        add_rate(2031)
    with join_change(by="part", reason=Reason.CALCULATE):
        add_rate(2032)
    assert [told(year) for year in (2031, 2032)] == ["outer", "part"]
