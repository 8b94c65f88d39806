"""The shell: navigation, marks, content policy."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from web import marks
from web.middleware import CONTENT_POLICY, ContentPolicyMiddleware
from web.navigation import NavGroup, NavItem, Reader, list_groups

GROUPS = (
    NavGroup("Plan", (NavItem("mine", "My account", "account_profile"),)),
    NavGroup("Decide", (NavItem("secret", "Secret", "account_profile", roles=frozenset({"economist"})),)),
    NavGroup("Invest", (NavItem("reset", "Reset", "account_reset_password_from_key", takes=("uidb36", "key")),)),
)


def test_the_menu_shows_pages_that_are_for_the_reader_and_whose_address_is_known() -> None:
    shown = list_groups(Reader(counts={"mine": 3}), GROUPS)
    assert [(label, [(link.key, link.count) for link in links]) for label, links in shown] == [("Plan", [("mine", 3)])]
    everything = Reader(roles=frozenset({"economist"}), url_parts={"uidb36": "1", "key": "a"})
    assert [label for label, _links in list_groups(everything, GROUPS)] == ["Plan", "Decide", "Invest"]


def test_every_response_has_the_content_policy() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "sandbox"} if request.path == "/own" else {})

    send = ContentPolicyMiddleware(answer)
    assert send(RequestFactory().get("/"))["Content-Security-Policy"] == CONTENT_POLICY
    assert send(RequestFactory().get("/own"))["Content-Security-Policy"] == "sandbox"
    assert "unsafe" not in CONTENT_POLICY


def test_marks_escape_what_they_are_given() -> None:
    with override("en"):
        assert "&lt;i&gt;" in marks.status("draft", "<i>")
        assert marks.assumed() == '<span class="assumed">assumed</span>'
        assert "i-gear" in marks.provenance("calculated")
