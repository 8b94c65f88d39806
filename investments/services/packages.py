"""Keeps council packages: their text until it is sent, when each council gets it and plans to decide, and documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from engine.councils import find_out_of_order
from investments.models import BorrowingFramework, CouncilPackage, PackageCouncil
from investments.selectors.packages import list_package_documents
from objects.models import Municipality
from objects.selectors.decisions import can_register
from records.models import Provenance, StoredFile
from records.reasons import Reason
from records.services import change
from records.services.attachments import Upload
from records.services.files import remove_files, store_file
from records.services.stale import StaleError, digest_of, require_fresh

if TYPE_CHECKING:
    from accounts.models import User

PLANNED = ("sent_on", "planned_on", "planned_notice_on")


def start_package(framework: BorrowingFramework, text: str, *, by: User) -> CouncilPackage:
    """Begin the package of a framework with a proposed text; the one that is there where somebody was first."""
    _require(by)
    with change(by=by.email, reason=Reason.START_PACKAGE, row=framework):
        BorrowingFramework.objects.select_for_update(of=("self",)).get(pk=framework.pk)
        found = CouncilPackage.objects.filter(framework=framework).first()
        return found or CouncilPackage.objects.create(framework=framework, text=text)


def save_package_text(package: CouncilPackage, *, by: User, seen: datetime | None = None) -> CouncilPackage:
    """Change the text of a package that is not sent. ValidationError when it is, StaleError for somebody else's text."""
    _require(by)
    with change(by=by.email, reason=Reason.CHANGE_PACKAGE, row=package):
        require_fresh(package, seen)
        if CouncilPackage.objects.filter(pk=package.pk, sent_at__isnull=False).exists():
            raise ValidationError(say_frozen())
        package.full_clean()
        package.save(update_fields=["text", "edited_at"])
    return package


def send_package(
    package: CouncilPackage,
    councils: Collection[Municipality],
    *,
    sent_on: date,
    files: Iterable[Upload],
    by: User,
) -> None:
    """Say that a package was sent to councils; the first time its text is frozen and `files`, made of it, are kept with it.

    ValidationError by field for a package without a text, for no council, and for a council that plans to decide before.
    """
    _require(by)
    with change(by=by.email, reason=Reason.SEND_PACKAGE, row=package):
        saved = CouncilPackage.objects.select_for_update(of=("self",)).get(pk=package.pk)
        faults = find_send_faults(saved, councils, sent_on)
        if faults:
            raise ValidationError(faults)
        if saved.sent_at is None:
            saved.sent_at = timezone.now()
            saved.save(update_fields=["sent_at", "edited_at"])
            for file in files:
                store_file(file.content, name=file.name, content_type=file.content_type, by=by, about=saved.uuid)
        for municipality in councils:
            row = _lock_council(saved, municipality)
            row.sent_on, row.provenance = sent_on, Provenance.ENTERED
            row.full_clean()
            row.save()


def find_send_faults(
    package: CouncilPackage, councils: Collection[Municipality], sent_on: date | None
) -> dict[str, str]:
    """Return what stands against sending, by field."""
    faults = {}
    if not package.clauses:
        faults["councils"] = _(
            "The package has no text. Write what the councils are asked to decide before it is sent."
        )
    elif not councils:
        faults["councils"] = _("Choose at least one council that the package is sent to.")
    early = (
        package.councils.filter(municipality__in=councils, planned_on__lt=sent_on)
        if sent_on
        else package.councils.none()
    )
    names = ", ".join(row.municipality.name for row in early.select_related("municipality"))
    if names:
        words = _(
            "It would be sent after the planned decision of %(names)s. Write an earlier day, or change the plan first."
        )
        faults["sent_on"] = words % {"names": names}
    return faults


def plan_council(row: PackageCouncil, *, by: User, seen: str | None = None) -> None:
    """Say when a council plans to decide and to put up the notice, and when it was sent to.

    ValidationError by field for days that can't be, StaleError when somebody else changed them (`seen` as for decisions).
    """
    _require(by)
    faults = find_plan_faults(row)
    if faults:
        raise ValidationError(dict(faults))
    with change(by=by.email, reason=Reason.PLAN_COUNCIL, row=row.municipality):
        package = CouncilPackage.objects.select_for_update(of=("self",)).get(pk=row.package_id)
        saved = _lock_council(package, row.municipality)
        if seen is not None and digest_of(saved, PLANNED) != seen:
            raise StaleError(saved)
        for name in PLANNED:
            setattr(saved, name, getattr(row, name))
        saved.provenance = Provenance.ENTERED
        saved.full_clean()
        saved.save()


def find_plan_faults(row: PackageCouncil) -> list[tuple[str, str]]:
    """Return what can't be with a council's plan, as (field, words)."""
    faults: list[tuple[str, str]] = []
    if row.sent_on and row.package.sent_at is None:
        faults.append(("sent_on", _("The package is not sent yet. Send it first; that freezes its text.")))
    if row.planned_notice_on and row.planned_on is None:
        faults.append(("planned_on", _("Write when the council decides, which comes before its notice.")))
    late = find_out_of_order((name, getattr(row, name)) for name in PLANNED)
    if late == "planned_on":
        faults.append((late, _("The council would decide before the package was sent. Check the days.")))
    elif late:
        faults.append((late, _("The notice would be put up before the council decides. Check the days.")))
    return faults


def add_package_document(package: CouncilPackage, upload: Upload, *, by: User) -> StoredFile:
    """Keep a file with a package, for those who see it. ValidationError when it has as many as it may."""
    _require(by)
    most = settings.ATTACHMENTS_PER_PAGE
    with change(by=by.email, reason=Reason.ADD_PACKAGE_DOCUMENT, row=package):
        CouncilPackage.objects.select_for_update(of=("self",), no_key=True).get(pk=package.pk)
        if list_package_documents(package).count() >= most:
            raise ValidationError(_("A package has at most %(count)s documents. Remove one first.") % {"count": most})
        kind = upload.content_type
        return store_file(upload.content, name=upload.name, content_type=kind, by=by, about=package.uuid)


def remove_package_document(package: CouncilPackage, file: StoredFile, *, by: User) -> None:
    """Remove a document from a package that is not sent. ValidationError when it is: it is what the councils got."""
    _require(by)
    with change(by=by.email, reason=Reason.REMOVE_PACKAGE_DOCUMENT, row=package):
        saved = CouncilPackage.objects.select_for_update(of=("self",)).get(pk=package.pk)
        if saved.sent_at is not None:
            raise ValidationError(say_frozen())
        remove_files([file], reason=Reason.REMOVE_PACKAGE_DOCUMENT, by=by.email, row=package)


def say_frozen() -> str:
    """Return why a package stays as it is, and what to do."""
    return _("The package is sent, so its text and documents stay. Enter a new framework to propose something else.")


def _lock_council(package: CouncilPackage, municipality: Municipality) -> PackageCouncil:
    """Return what is saved of a council of a package, or an empty one; the package keeps others waiting."""
    saved = PackageCouncil.objects.filter(package=package, municipality=municipality).first()
    return saved or PackageCouncil(package=package, municipality=municipality)


def _require(user: User) -> None:
    if not can_register(user):
        raise PermissionDenied
