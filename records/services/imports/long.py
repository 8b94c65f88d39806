"""Imports that are read or saved by a job, with progress."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from records.models import Import
from records.services.imports.checking import Choice, check_import
from records.services.imports.saving import save_import
from records.services.jobs import JobError, Run


def check_in_job(run: Run) -> None:
    """Read the file of the import that the job names, as it says. Raise JobError."""
    row, by = _find(run)
    given = run.arguments
    check_import(
        row,
        by=by,
        choice=Choice(given.get("sheet", ""), given.get("header_row", 0), given.get("mapping")),
        report=run.report,
    )
    run.message = _("The file is read. Nothing is saved yet.")
    run.finish({"url": given["url"]})


def save_in_job(run: Run) -> None:
    """Save the import that the job names. Raise JobError with what stands in the way."""
    row, by = _find(run)
    if row.status != Import.Status.SAVED:  # else a worker was killed after it had saved
        run.report(10, _("Saving"))
        try:
            save_import(row, by=by, version=run.arguments["version"])
        except ValidationError as error:
            raise JobError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise JobError(_("You may not save this import any more.")) from error
    run.message = _("The import is saved.")
    run.finish({"url": run.arguments["url"]})


def _find(run: Run) -> tuple[Import, User]:
    row = Import.objects.select_related("file").filter(uuid=run.arguments["import"]).first()
    if row is None or run.job.started_by is None:
        raise JobError(_("The import has been discarded."))
    return row, run.job.started_by
