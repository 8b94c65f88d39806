"""Addresses of the first page, the budget overview, the dashboard, decisions and objects."""

from django.urls import include, path

from reports import views
from reports.views.costs import CostsView
from reports.views.dashboard import DashboardView
from reports.views.decisions import CouncilView, DecisionListView, DecisionView, NextMeetingView
from reports.views.essential_changes import EssentialChangesView
from reports.views.exports import ListFileView, WorkbookView
from reports.views.house import AccessibilityView, HelpView
from reports.views.objects import ObjectListView, ObjectView

app_name = "reports"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("accessibility/", AccessibilityView.as_view(), name="accessibility"),
    path("lists/file/", ListFileView.as_view(), name="list_file"),
    path("", include("reports.history_urls")),
    path("help/", HelpView.as_view(), name="help"),
    path("budgets/<slug:budget>/", views.OverviewView.as_view(), name="overview"),
    path("budgets/<slug:budget>/figures/", views.FiguresView.as_view(), name="overview_figures"),
    path("budgets/<slug:budget>/export/workbook/", WorkbookView.as_view(), name="workbook"),
    path("budgets/<slug:budget>/essential-changes/", EssentialChangesView.as_view(), name="essential_changes"),
    path("budgets/<slug:budget>/costs/", CostsView.as_view(), name="costs"),
    path("budgets/<slug:budget>/dashboard/", DashboardView.as_view(), name="dashboard"),
    path("decisions/", DecisionListView.as_view(), name="decisions"),
    path("decisions/next-meeting/", NextMeetingView.as_view(), name="next_meeting"),
    path("decisions/<uuid:decision>/", DecisionView.as_view(), name="decision"),
    path("decisions/<uuid:decision>/councils/<slug:council>/", CouncilView.as_view(), name="council_decision"),
    path("objects/", ObjectListView.as_view(), name="objects"),
    path("objects/<slug:governance_object>/", ObjectView.as_view(), name="object"),
]
