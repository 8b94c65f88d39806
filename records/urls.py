"""Addresses of jobs and stored files, and of the choice of mail."""

from django.urls import path

from records import views

app_name = "records"
urlpatterns = [
    path("jobs/", views.JobListView.as_view(), name="jobs"),
    path("jobs/news/", views.JobNewsView.as_view(), name="job_news"),
    path("jobs/<uuid:job>/", views.JobView.as_view(), name="job"),
    path("jobs/<uuid:job>/cancel/", views.CancelJobView.as_view(), name="cancel_job"),
    path("files/<uuid:file>/", views.FileView.as_view(), name="file"),
    path("account/mail/", views.MailView.as_view(), name="mail"),
]
