"""Addresses of the first page and the budget overview."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("budgets/<slug:budget>/", views.OverviewView.as_view(), name="overview"),
    path("budgets/<slug:budget>/figures/", views.FiguresView.as_view(), name="overview_figures"),
]
