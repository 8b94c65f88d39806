"""The council package: one page that shows what waits for whom, and its documents one by one and all together."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from desk.council_package.base import InPackage
from desk.council_package.chart import draw_councils
from desk.council_package.clauses import letter
from desk.council_package.papers import list_papers
from desk.council_package.words import STEPS, Line, count_done, list_lines, list_thoughts, name_status, say_last
from engine.councils import Wait
from forecasts.selectors.councils import find_in_force
from forecasts.selectors.loans import YearDebt
from investments.selectors.packages import find_package_document, list_package_documents
from objects.models.roles import Role, assignments_of
from objects.selectors.decisions import can_register, list_documents
from records.models import StoredFile
from records.services.files import path_of
from records.views import send_file
from web import marks
from web.numbers import format_quantity
from web.views import Context
from web.word import write_zip


class PackageView(InPackage):
    """What each council is asked to decide, how far it has come, and what waits for whom."""

    template_name = "desk/council_package/package.html"

    def get_title(self) -> str:
        """Return what is proposed."""
        return _("New borrowing framework, %(amount)s mkr") % {"amount": show_mkr(self.framework.amount_ore)}

    def get_context_data(self, **kwargs: object) -> Context:
        """Read how far it has come, and say it."""
        package, state = self.package, self.package_state
        lines = list_lines(state)
        in_force = find_in_force(self.states, state.on)
        kept = list(list_package_documents(package))
        mark, status = name_status(state)
        is_assumed = any(step.is_plan_assumed or step.is_decision_assumed for step in state.steps)
        shown = {
            "package": package,
            "lettered": "\n".join(f"{mark} {text}" for mark, text in letter(package.clauses)),
            "framework": self.framework,
            "state": state,
            "lines": lines,
            "heads": STEPS,
            "done": count_done(lines),
            "mark": mark,
            "status_label": status,
            "last": say_last(state),
            "is_late": any(step.wait == Wait.LATE_DECISION for step in state.steps),
            "is_assumed": is_assumed,
            "days_assumed": marks.say_doubt(_("The municipalities' days are"), "assumed") if is_assumed else "",
            "decided": sum(step.way.has_decided for step in state.steps),
            "in_force_mkr": show_mkr(in_force) if in_force is not None else "",
            "proposed_mkr": show_mkr(self.framework.amount_ore),
            "replaced_mkr": show_mkr(self.framework.replaces.amount_ore) if self.framework.replaces else "",
            "debt": self.find_debt(),
            "own": self.list_own(lines),
            "chart": draw_councils(state, lines),
            "thoughts": list_thoughts(state, self.debts, in_force),
            "papers": [paper for paper in list_papers(state) if paper.file_name not in {file.name for file in kept}],
            "documents": kept,
            "decision_documents": list(list_documents(self.decision)) if self.decision is not None else [],
            "can_register": can_register(self.reader),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def find_debt(self) -> YearDebt | None:
        """Return the debt at the end of this year, else of the last year before it that is known."""
        known = [row for row in self.debts if row.debt is not None and row.year <= self.package_state.on.year]
        return known[-1] if known else None

    def list_own(self, lines: list[Line]) -> list[Line]:
        """Return what waits for the municipalities that the reader serves."""
        roles = (Role.MUNICIPALITY_OFFICER, Role.CHIEF_EXECUTIVE)
        own = {row.municipality_id for row in assignments_of(self.reader) if row.role in roles}
        return [line for line in lines if line.step.municipality.pk in own and line.step.wait != Wait.NOTHING]


class PaperView(InPackage):
    """A document that the package makes by itself."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Send it."""
        paper = next((row for row in list_papers(self.package_state) if row.key == self.kwargs["paper"]), None)
        if self.package is None or paper is None:
            raise Http404
        made = paper.make(self.facts)
        return _attach(made.content, made.name, made.content_type)


class PackageDocumentView(InPackage):
    """A document kept with the package as a download, for everybody who sees the package."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]
        """Send the file, which the browser never shows or keeps."""
        file = find_package_document(self.package, self.kwargs["file"])
        if file is None:
            raise Http404
        return send_file(request, file)


class WholePackageView(InPackage):
    """All documents in one file: those kept with the package and with the board's decision, and those it makes."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Send them."""
        kept = [*list_package_documents(self.package)]
        kept += [*list_documents(self.decision)] if self.decision is not None else []
        files = dict(_read(kept))
        for paper in list_papers(self.package_state):
            if paper.file_name not in files:
                files[paper.file_name] = paper.make(self.facts).content
        name = _("Council package %(amount)s mkr.zip") % {"amount": show_mkr(self.framework.amount_ore)}
        return _attach(write_zip(files.items()), name, "application/zip")


def _read(files: list[StoredFile]) -> list[tuple[str, bytes]]:
    """Return the files that are there; of two with the same name the second is numbered."""
    found: dict[str, bytes] = {}
    for file in files:
        path = path_of(file.path)
        if path.exists():
            stem, point, ending = file.name.rpartition(".")
            number = sum(name == file.name or name.startswith(f"{stem} (") for name in found)
            found[f"{stem} ({number + 1}){point}{ending}" if number else file.name] = path.read_bytes()
    return list(found.items())


def _attach(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def show_mkr(ore: int) -> str:
    """Return an amount in millions of kronor, with the decimals that it has."""
    return format_quantity(Decimal(ore) / 100_000_000)
