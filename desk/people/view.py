"""Users and roles: the register, one user with what the user may, and the administrator's forms."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from budgets.selectors.budgets import find_default_budget
from budgets.selectors.sub_budgets import list_sub_budgets
from desk.people.form import InviteForm, RoleForm
from desk.people.words import STATES, list_place_rows, list_rules, name_role
from objects.models import Role
from objects.selectors.people import (
    PersonRow,
    can_invite,
    can_keep_people,
    can_see_people,
    find_person,
    list_given_roles,
    list_people,
    load_people,
)
from objects.services.people import (
    close_person,
    give_role,
    invite_person,
    open_person,
    resend_invitation,
    take_role,
    withdraw_invitation,
)
from pages.form_view import FormView, ReaderView
from web import marks
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, MomentColumn
from web.views import BaseListView, Context, Crumb, PageView


class ForPeopleReaders(PageView):
    """A page for those who may see users."""

    nav_key = "people"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Keep others out."""
        if request.user.is_authenticated and not can_see_people(self.reader):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def require(self) -> None:
        """Stop all but the administrator."""
        if not can_keep_people(self.reader):
            raise PermissionDenied

    @property
    def list_url(self) -> str:
        """The register's address."""
        return reverse("objects:people")


class PeopleTable(BaseTable):
    """Users with their roles."""

    caption = gettext_lazy("Users and roles")
    caption_hidden = True
    name = tables.Column(accessor="person__name", verbose_name=gettext_lazy("Name"))
    email = tables.Column(accessor="person__email", verbose_name=gettext_lazy("E-mail address"), attrs=OPTIONAL)
    roles = tables.Column(verbose_name=gettext_lazy("Roles"), orderable=False, default=gettext_lazy("none"))
    state = tables.Column(verbose_name=pgettext_lazy("of a user", "State"))
    last_login = MomentColumn(
        accessor="person__last_login", verbose_name=gettext_lazy("Signed in last"), default="–", css="opt"
    )

    class Meta:
        empty_text = gettext_lazy("No user matches.")

    def render_name(self, record: PersonRow) -> SafeString:
        """Return a link to the user."""
        return format_html('<a href="{}">{}</a>', reverse("objects:person", args=[record.person.uuid]), record.person)

    def render_roles(self, record: PersonRow) -> str:
        """Return the roles in words."""
        return ", ".join(name_role(role) for role in record.roles)

    def render_state(self, value: str) -> SafeString:
        """Return icon and word."""
        return marks.status(*STATES[value])

    def value_state(self, value: str) -> str:
        """Return the word, for files."""
        return str(STATES[value][1])


class PeopleFilter(BaseFilterSet):
    """By name or address, and role."""

    q = django_filters.CharFilter(label=gettext_lazy("Name or address"), method="by_words")
    role = django_filters.ChoiceFilter(
        label=gettext_lazy("Role"),
        field_name="role_assignments__role",
        choices=Role.choices,
        empty_label=gettext_lazy("All"),
        distinct=True,
    )

    class Meta:
        model = User
        fields = ("q", "role")

    def by_words(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Keep those with the words in name or address."""
        return rows.filter(containing(value, "name", "email"))


class PeopleView(ForPeopleReaders, BaseListView[User]):
    """All users, filtered."""

    title = gettext_lazy("Users and roles")
    template_name = "desk/people/people.html"
    table_class = PeopleTable
    filterset_class = PeopleFilter
    object_list: QuerySet[User]

    def get_rows(self, user: User) -> QuerySet[User]:
        """Return all, for those who may see them."""
        return list_people(user)

    def get_table_data(self) -> list[PersonRow]:
        """Add how far each has come."""
        return load_people(self.object_list)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add whether the reader invites."""
        return super().get_context_data(can_invite=bool(list_given_roles(self.reader)), **kwargs)


class InPerson(ForPeopleReaders, ReaderView):
    """A page about the address's user."""

    @cached_property
    def person(self) -> User:
        """The address's user."""
        person = find_person(self.reader, self.kwargs["person"])
        if person is None:
            raise Http404
        return person

    @property
    def person_url(self) -> str:
        """The user's page."""
        return reverse("objects:person", args=[self.person.uuid])

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the register."""
        return [(_("Users and roles"), self.list_url)]


class PersonView(InPerson):
    """One user: roles, and what the user may now, as the rules answer it; the administrator's buttons."""

    template_name = "desk/people/person.html"

    def get_title(self) -> str:
        """Return the name."""
        return str(self.person)

    def get_context_data(self, **kwargs: object) -> Context:
        """Ask the rules."""
        (row,) = load_people([self.person])
        budget = find_default_budget(self.person)
        places = list(list_sub_budgets(budget, self.person)) if budget else []
        shown = {
            "row": row,
            "state": STATES[row.state],
            "roles": [(role, name_role(role)) for role in row.roles],
            "rules": list_rules(self.person),
            "places": list_place_rows(self.person, places),
            "about": budget,
            "can_keep": can_keep_people(self.reader),
            "can_invite": can_invite(self.reader, [role.role for role in row.roles]),
        }
        return super().get_context_data(**{**kwargs, **shown})


ACTIONS = {
    "close": (close_person, gettext_lazy("“%(name)s” is closed and can't sign in.")),
    "open": (open_person, gettext_lazy("“%(name)s” can sign in again.")),
    "resend": (resend_invitation, gettext_lazy("A new invitation is sent to “%(name)s”. The one before has ended.")),
    "withdraw": (withdraw_invitation, gettext_lazy("The invitation of “%(name)s” is withdrawn.")),
}


class PersonActionView(InPerson):
    """Closes or opens a user, or sends or withdraws an invitation."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Do it, or say why not; the services know who may."""
        if self.kwargs["action"] not in ACTIONS:
            raise Http404
        act, said = ACTIONS[self.kwargs["action"]]
        return self.answer(lambda: act(self.person, by=self.reader), str(said) % {"name": self.person})

    def answer(self, act: Any, said: str) -> HttpResponse:
        """Do it, and lead back to the user's page with what was done or why it was refused."""
        try:
            act()
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
        else:
            messages.success(self.request, said)
        return HttpResponseRedirect(self.person_url)


class TakeRoleView(PersonActionView):
    """Takes a role from a user."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it, unless it is the last administrator's."""
        self.require()
        role = next((one for one in self.person.role_assignments.all() if one.uuid == self.kwargs["role"]), None)
        if role is None:
            raise Http404
        return self.answer(lambda: take_role(role, by=self.reader), _("The role is taken back."))


class GiveRoleView(InPerson, FormView):
    """Gives a user a role."""

    title = gettext_lazy("Give a role")
    submit = gettext_lazy("Give role")

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the user."""
        return [*super().get_crumbs(), (str(self.person), self.person_url)]

    def get_form(self, data: QueryDict | None = None) -> RoleForm:
        """Return the form."""
        return RoleForm(data)

    def save(self, form: RoleForm) -> str:
        """Give it."""
        give_role(self.person, by=self.reader, **form.cleaned_data)
        return _("The role is given.")

    def get_return_url(self) -> str:
        """Return the user's page."""
        return self.person_url


class InviteView(ForPeopleReaders, FormView):
    """Invites somebody by mail."""

    title = gettext_lazy("Invite a user")
    submit = gettext_lazy("Send invitation")

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the register."""
        return [(_("Users and roles"), self.list_url)]

    def require(self) -> None:
        """Stop those who invite nobody."""
        if not list_given_roles(self.reader):
            raise PermissionDenied

    def get_form(self, data: QueryDict | None = None) -> InviteForm:
        """Return the form with the roles that the reader invites to."""
        return InviteForm(data, roles=list_given_roles(self.reader))

    def save(self, form: InviteForm) -> str:
        """Invite."""
        person = invite_person(by=self.reader, **form.cleaned_data)
        return _("“%(name)s” is invited by mail to %(email)s.") % {"name": person.name, "email": person.email}

    def get_return_url(self) -> str:
        """Return the register."""
        return self.list_url
