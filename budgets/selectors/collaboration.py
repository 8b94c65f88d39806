"""Comments, attachments and tasks on a sub-budget: who may see and write them, and what they are about.

They are internal to the federation and belong to one version of the budget: a copy starts without. They are keyed by the
sub-budget (`page_of`) and by the lineage of what they are about, and are never frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.selectors.workflow import list_own_tasks
from objects.models.roles import EDITORS, FEDERATION_ROLES, Role, objects_of, roles_of
from objects.selectors.reader import compiled_for_reader
from records.models import Comment, Mention, StoredFile, Task
from records.selectors.collaboration import (
    BESIDE,
    OWN,
    Counts,
    Thread,
    can_change_comment,
    can_change_task,
    can_remove_comment,
    count_comments,
    count_page_tasks,
    list_given_tasks,
    list_mentions,
    list_open_comments,
    list_page_tasks,
    list_tasks,
    list_waiting,
    load_threads,
    read_attachments,
)
from web.compiled import compiled
from web.names import name_of
from web.ordering import in_swedish

if TYPE_CHECKING:
    from django.db.models import QuerySet

WRITERS = FEDERATION_ROLES - {Role.AUDITOR}
START = "sub-budget "
SHOWN_AT_MOST = 200


def page_of(sub_budget: SubBudget) -> str:
    """Return the key of a sub-budget's page."""
    return f"{START}{sub_budget.pk}"


def find_pages(pages: Iterable[str], user: User) -> dict[str, SubBudget]:
    """Return the sub-budgets of these keys that the user may see, in one query.

    Those outside the federation get none.
    """
    if not can_read(user):
        return {}
    keys = {int(page.removeprefix(START)) for page in pages if page.startswith(START)}
    rows = SubBudget.objects.visible_to(user).filter(pk__in=keys).select_related("budget")
    return {page_of(row): row for row in rows}


# Who


def can_read(user: User) -> bool:
    """Return whether comments, attachments and tasks are for this user: everybody in the federation."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def can_write(user: User) -> bool:
    """Return whether the user may write them: as above, but an auditor only reads."""
    return bool(roles_of(user) & WRITERS)


def can_remove_attachment(user: User, file: StoredFile) -> bool:
    """Return whether the user may remove an attachment: who uploaded it, and the economist."""
    return can_write(user) and (file.started_by_id == user.pk or Role.ECONOMIST in roles_of(user))


def list_people() -> QuerySet[User]:
    """Return those who may be mentioned and given tasks, by name: all in the federation, who see every sub-budget."""
    roles = [role.value for role in FEDERATION_ROLES]
    people: QuerySet[User] = User.objects.filter(is_active=True, role_assignments__role__in=roles)
    return people.distinct().order_by(in_swedish("name"), "email")


read_people = compiled(list_people)


def list_keepers(sub_budget: SubBudget) -> QuerySet[User]:
    """Return owners and managers of the sub-budget's object; the economists for the base grant."""
    return list_role_holders(sub_budget, EDITORS)


def list_role_holders(sub_budget: SubBudget, roles: frozenset[Role]) -> QuerySet[User]:
    """Return those with one of the roles for the sub-budget's object.

    The base grant has no object: it is the economists'.
    """
    held = Q(role_assignments__role=Role.ECONOMIST)
    if sub_budget.governance_object_id is not None:
        names = [role.value for role in roles]
        held = Q(role_assignments__role__in=names, role_assignments__governance_object=sub_budget.governance_object_id)
    people: QuerySet[User] = User.objects.filter(held, is_active=True)
    return people.distinct().order_by("pk")


# What it is about


@dataclass(frozen=True)
class Subject:
    """What something is about: the sub-budget, or one of its products or lines, which names its product too.

    `name` is empty for what is gone.
    """

    about: UUID
    name: str
    kind: str
    product: str = ""

    @property
    def full_name(self) -> str:
        """Its product and itself: a line's text alone may be that of many."""
        return ", ".join(filter(None, (self.product, self.name)))


Place = tuple[SubBudget, UUID]


def load_places(places: Iterable[Place]) -> dict[Place, Subject]:
    """Return what lineages are in their sub-budgets, in at most two queries; one no longer there is of the kind "gone"."""
    wanted = set(places)
    found = {(row, about): Subject(about, name_of(row), "sub_budget") for row, about in wanted if about == row.lineage}
    rows = {row.pk: row for row, _about in wanted - found.keys()}
    lineages = {about for _row, about in wanted - found.keys()}
    if rows:
        products = BudgetProduct.objects.filter(sub_budget__in=rows, lineage__in=lineages)
        for key, about, name in products.values_list("sub_budget", "lineage", "name"):
            found[rows[key], about] = Subject(about, name, "product")
    if wanted - found.keys():
        budgets = {row.budget_id for row in rows.values()}
        lines = CostLine.objects.filter(budget__in=budgets, budget_product__sub_budget__in=rows, lineage__in=lineages)
        own = lines.values_list("budget_product__sub_budget", "lineage", "text", "budget_product__name")
        for key, about, name, product in own:
            found[rows[key], about] = Subject(about, name, "line", product)
    return {place: found.get(place) or Subject(place[1], "", "gone") for place in wanted}


def load_subjects(sub_budget: SubBudget, abouts: Iterable[UUID]) -> dict[UUID, Subject]:
    """Return what these lineages are in one sub-budget, as above."""
    return {about: subject for (_row, about), subject in load_places((sub_budget, about) for about in abouts).items()}


def find_subject(sub_budget: SubBudget, about: UUID) -> Subject | None:
    """Return what a lineage is in this sub-budget.

    It is None for one that is not there and that nothing was written about.
    """
    subject = load_subjects(sub_budget, [about])[about]
    if subject.kind == "gone" and not Comment.objects.filter(page=page_of(sub_budget), about=about).exists():
        return None
    return subject


def list_products(sub_budget: SubBudget) -> list[BudgetProduct]:
    """Return the products with their lines, each of which can be commented on."""
    return list(BudgetProduct.objects.filter(sub_budget=sub_budget).prefetch_related("cost_lines"))


def load_comment_counts(sub_budget: SubBudget, user: User) -> dict[UUID, Counts]:
    """Return how many comments there are, by lineage; nothing for those who may not see them."""
    return count_comments(page_of(sub_budget)) if can_read(user) else {}


# The page's part


@dataclass(frozen=True)
class ShownComment:
    """A comment with what the reader may do with it."""

    comment: Comment
    can_change: bool
    can_remove: bool


@dataclass(frozen=True)
class ShownThread:
    """A thread with what it is about and its replies."""

    start: ShownComment
    replies: list[ShownComment]
    subject: Subject

    @property
    def key(self) -> str:
        """The name of its reply form in the page."""
        return f"reply-{self.start.comment.uuid}"


@dataclass(frozen=True)
class Discussion:
    """The threads of a page, open ones apart from resolved ones."""

    open: list[ShownThread]
    resolved: list[ShownThread]

    def __bool__(self) -> bool:
        return bool(self.open or self.resolved)


def load_discussion(sub_budget: SubBudget, user: User, about: UUID | None = None) -> Discussion:
    """Return the threads of a sub-budget, or those about one of its parts."""
    threads = load_threads(page_of(sub_budget), about)
    subjects = load_subjects(sub_budget, {thread.comment.about for thread in threads})
    shown = [_show(thread, subjects, user) for thread in threads]
    resolved = [thread for thread in shown if thread.start.comment.resolved_at is not None]
    return Discussion([thread for thread in shown if thread.start.comment.resolved_at is None], resolved)


def _show(thread: Thread, subjects: Mapping[UUID, Subject], user: User) -> ShownThread:
    def shown(comment: Comment) -> ShownComment:
        return ShownComment(comment, can_change_comment(comment, user), can_remove_comment(comment, user))

    return ShownThread(
        shown(thread.comment), [shown(reply) for reply in thread.replies], subjects[thread.comment.about]
    )


@dataclass(frozen=True)
class ShownFile:
    """An attachment with what it is about, and whether the reader may remove it."""

    file: StoredFile
    subject: Subject
    can_remove: bool


def load_attachments(sub_budget: SubBudget, user: User, about: UUID | None = None) -> list[ShownFile]:
    """Return the attachments of a sub-budget, or those about one of its parts."""
    files = [file for file in read_attachments(page_of(sub_budget)) if about in (None, file.about)]
    subjects = load_subjects(sub_budget, {file.about or sub_budget.lineage for file in files})
    return [
        ShownFile(file, subjects[file.about or sub_budget.lineage], can_remove_attachment(user, file)) for file in files
    ]


@dataclass(frozen=True)
class ShownTask:
    """A task with what it is about, and whether the reader gave it."""

    task: Task
    subject: Subject
    can_change: bool


def load_page_tasks(sub_budget: SubBudget, user: User) -> list[ShownTask]:
    """Return the tasks about a sub-budget that are not done."""
    tasks = list_page_tasks(page_of(sub_budget))
    subjects = load_subjects(sub_budget, {task.about for task in tasks})
    return [ShownTask(task, subjects[task.about], can_change_task(task, user)) for task in tasks]


def count_tasks(sub_budgets: Iterable[SubBudget]) -> dict[int, int]:
    """Return how many tasks about each sub-budget are not done, by its key."""
    pages = {row.pk: page_of(row) for row in sub_budgets}
    counts = count_page_tasks(pages.values())
    return {key: counts.get(page, 0) for key, page in pages.items()}


# My tasks


@dataclass(frozen=True)
class Waiting:
    """A task, a mention or an open comment with the page it is on, and the product and line it is about, if any."""

    row: Task | Mention | Comment
    comment: Comment | None
    sub_budget: SubBudget
    subject: Subject


@dataclass(frozen=True)
class MyTasks:
    """What waits for a person. The numbers by kind of task are for the filter."""

    tasks: list[Waiting]
    mentions: list[Waiting] = field(default_factory=list)
    comments: list[Waiting] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tasks or self.mentions or self.comments)


def load_my_tasks(user: User, show: str = "open") -> MyTasks:
    """Return a person's open tasks, mentions and comments to resolve.

    With `show` it is the tasks that are "done", or "given" to others.
    """
    if show == "done":
        return MyTasks(_place(list_tasks(user).exclude(done_at=None).order_by("-done_at")[:SHOWN_AT_MOST], user))
    if show == "given":
        return MyTasks(
            _place(list_given_tasks(user).order_by("-done_at", "due_on", "created_at")[:SHOWN_AT_MOST], user)
        )
    mentions = list(list_mentions(user)[:SHOWN_AT_MOST])
    named = {mention.comment.parent_id or mention.comment_id for mention in mentions}
    pages = [page_of(row) for row in list_kept_sub_budgets(user)]
    mine = list_open_comments(pages, user).exclude(pk__in=named)[:SHOWN_AT_MOST]
    tasks = list_tasks(user).filter(done_at=None)[:SHOWN_AT_MOST]
    return MyTasks(_place(tasks, user), _place(mentions, user), _place(mine, user))


def list_kept_sub_budgets(user: User) -> QuerySet[SubBudget]:
    """List the drafts that are the user's own to keep: of the own objects, and the base grant for an economist."""
    kept = Q(governance_object__in=objects_of(user, EDITORS))
    if Role.ECONOMIST in roles_of(user):
        kept |= Q(governance_object=None)
    rows: QuerySet[SubBudget] = SubBudget.objects.visible_to(user).filter(kept, budget__status=Budget.Status.DRAFT)
    return rows.exclude(budget__kind=Budget.Kind.SCENARIO).select_related("budget")


def _place(rows: Iterable[Task | Mention | Comment], user: User) -> list[Waiting]:
    """Return the rows on pages that the user may see."""
    rows = list(rows)
    pages = find_pages({_page(row) for row in rows}, user) if rows else {}
    placed = [(row, (pages[_page(row)], _about(row))) for row in rows if _page(row) in pages]
    subjects = load_places(place for _row, place in placed)
    return [Waiting(row, _comment(row), place[0], subjects[place]) for row, place in placed]


def _page(row: Task | Mention | Comment) -> str:
    return row.comment.page if isinstance(row, Mention) else row.page


def _about(row: Task | Mention | Comment) -> UUID:
    return row.comment.about if isinstance(row, Mention) else row.about


def _comment(row: Task | Mention | Comment) -> Comment | None:
    return row.comment if isinstance(row, Mention) else row if isinstance(row, Comment) else None


def count_waiting_for(user: User, budget: Budget | None = None) -> tuple[int, int]:
    """Return how much waits for a person, and how many steps of a budget; nothing for those who read no comments.

    One query.
    """
    if not can_read(user):
        return 0, 0
    kinds = _list_waiting(user, budget.pk if budget else None)
    return kinds.count(OWN), kinds.count(BESIDE)


@compiled_for_reader
def _list_waiting(user: User, budget_id: int | None) -> QuerySet[Task, str]:
    steps = None if budget_id is None else list_own_tasks(user, budget_id)
    keys = Concat(Value(START), Cast("pk", CharField()))
    return list_waiting(user, SubBudget.objects.visible_to(user).order_by().values(key=keys), steps)
