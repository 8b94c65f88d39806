"""Watching over jobs, sending mail, removing what is kept no longer, and sealing history."""

from celery import shared_task

from records.chain import sealing as digests
from records.services.files import remove_strays
from records.services.imports.long import check_in_job, save_in_job
from records.services.imports.saving import remove_old_drafts
from records.services.jobs import remove_old_jobs, running
from records.services.jobs import sweep_jobs as sweep
from records.services.mail import remove_old_mail
from records.services.mail import send_mail as send_waiting_mail
from records.services.reports import send_reports
from records.services.sent import remove_old_forms


@shared_task(name="records.sweep_jobs")
def sweep_jobs() -> None:
    """Pick up jobs that a lost broker or a killed worker left."""
    sweep()


@shared_task(name="records.remove_old")
def remove_old() -> None:
    """Once a day: old jobs with their files, imports that were never saved, files that nothing names, mail that has left,
    and keys of sent forms."""
    remove_old_jobs()
    remove_old_drafts()
    remove_strays()
    remove_old_mail()
    remove_old_forms()


@shared_task(name="records.seal_history")
def seal_history() -> None:
    """Once an hour, so that little of today's history lies unsealed."""
    digests.seal_history()


@shared_task(name="records.check_import")
def check_import(job: str) -> None:
    """Read a long file."""
    with running(job) as run:
        check_in_job(run)


@shared_task(name="records.save_import")
def save_import(job: str) -> None:
    """Save a long import."""
    with running(job) as run:
        save_in_job(run)


@shared_task(name="records.send_mail")
def send_mail() -> None:
    """Send what waits in the outbox: after each commit that put something there, and every half minute."""
    send_waiting_mail()
    send_reports()
