"""Addresses of sub-budgets and cost lines; rows are named by slug and lineage, never by primary key."""

from django.urls import path

from budgets import views
from budgets.views import bulk, grid, lines

app_name = "budgets"
sub_budget = "budgets/<slug:budget>/sub-budgets/<slug:sub_budget>/"
urlpatterns = [
    path("budgets/<slug:budget>/lines/", views.LineListView.as_view(), name="lines"),
    path("budgets/<slug:budget>/sub-budgets/", views.SubBudgetListView.as_view(), name="sub_budgets"),
    path(sub_budget, views.SubBudgetView.as_view(), name="sub_budget"),
    path(f"{sub_budget}state/", views.StateView.as_view(), name="sub_budget_state"),
    path(f"{sub_budget}grid/", grid.GridView.as_view(), name="grid"),
    path(f"{sub_budget}grid/undo/", grid.StepView.as_view(direction="undo"), name="undo_step"),
    path(f"{sub_budget}grid/redo/", grid.StepView.as_view(direction="redo"), name="redo_step"),
    path(f"{sub_budget}grid/change/", bulk.ChangeManyView.as_view(), name="change_many"),
    path(f"{sub_budget}products/<uuid:product>/add/", lines.AddLineView.as_view(), name="add_line"),
    path(f"{sub_budget}lines/<uuid:line>/", lines.EditLineView.as_view(), name="edit_line"),
    path(f"{sub_budget}lines/<uuid:line>/delete/", lines.DeleteLineView.as_view(), name="delete_line"),
    path(f"{sub_budget}lines/<uuid:line>/restore/", lines.RestoreLineView.as_view(), name="restore_line"),
]
