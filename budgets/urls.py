"""Addresses of sub-budgets and cost lines; rows are named by slug and lineage, never by primary key."""

from django.urls import path

from budgets import views
from budgets.views import bulk, changes, collaboration, grid, lines, tasks, workflow

app_name = "budgets"
sub_budget = "budgets/<slug:budget>/sub-budgets/<slug:sub_budget>/"
urlpatterns = [
    path("budgets/<slug:budget>/lines/", views.LineListView.as_view(), name="lines"),
    path("budgets/<slug:budget>/sub-budgets/", views.SubBudgetListView.as_view(), name="sub_budgets"),
    path(sub_budget, views.SubBudgetView.as_view(), name="sub_budget"),
    path(f"{sub_budget}state/", views.StateView.as_view(), name="sub_budget_state"),
    path(f"{sub_budget}steps/<slug:action>/", workflow.StepView.as_view(), name="step"),
    path(f"{sub_budget}read/", workflow.ReadView.as_view(), name="mark_as_read"),
    path(f"{sub_budget}grid/", grid.GridView.as_view(), name="grid"),
    path(f"{sub_budget}grid/undo/", grid.StepView.as_view(direction="undo"), name="undo_step"),
    path(f"{sub_budget}grid/redo/", grid.StepView.as_view(direction="redo"), name="redo_step"),
    path(f"{sub_budget}grid/change/", bulk.ChangeManyView.as_view(), name="change_many"),
    path(f"{sub_budget}products/<uuid:product>/add/", lines.AddLineView.as_view(), name="add_line"),
    path(f"{sub_budget}lines/<uuid:line>/", lines.EditLineView.as_view(), name="edit_line"),
    path(f"{sub_budget}lines/<uuid:line>/delete/", lines.DeleteLineView.as_view(), name="delete_line"),
    path(f"{sub_budget}lines/<uuid:line>/place/", lines.PlaceLineView.as_view(), name="place_line"),
    path(f"{sub_budget}lines/<uuid:line>/restore/", lines.RestoreLineView.as_view(), name="restore_line"),
    path(f"{sub_budget}comments/", collaboration.CommentsView.as_view(), name="comments"),
    path(f"{sub_budget}comments/<uuid:comment>/", collaboration.ChangeCommentView.as_view(), name="change_comment"),
    path(f"{sub_budget}comments/<uuid:comment>/reply/", collaboration.ReplyView.as_view(), name="reply"),
    path(f"{sub_budget}comments/<uuid:comment>/resolve/", collaboration.ResolveView.as_view(), name="resolve_comment"),
    path(
        f"{sub_budget}comments/<uuid:comment>/reopen/",
        collaboration.ResolveView.as_view(resolves=False),
        name="reopen_comment",
    ),
    path(
        f"{sub_budget}comments/<uuid:comment>/remove/", collaboration.RemoveCommentView.as_view(), name="remove_comment"
    ),
    path(f"{sub_budget}files/", collaboration.FilesView.as_view(), name="files"),
    path(f"{sub_budget}files/<uuid:file>/", collaboration.FileView.as_view(), name="file"),
    path(f"{sub_budget}files/<uuid:file>/remove/", collaboration.RemoveFileView.as_view(), name="remove_file"),
    path(f"{sub_budget}changes/", changes.ChangesView.as_view(), name="changes"),
    path(f"{sub_budget}tasks/", collaboration.GiveTaskView.as_view(), name="give_task"),
    path("tasks/", tasks.MyTasksView.as_view(), name="my_tasks"),
    path("tasks/<uuid:task>/done/", tasks.FinishTaskView.as_view(), name="finish_task"),
    path("tasks/<uuid:task>/undo/", tasks.FinishTaskView.as_view(finishes=False), name="reopen_task"),
    path("tasks/mentions/<uuid:mention>/done/", tasks.HandleMentionView.as_view(), name="handle_mention"),
]
