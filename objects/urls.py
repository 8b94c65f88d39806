"""Addresses of the pages on API access, and of the forms of decisions and object plans."""

from django.urls import path

from objects import views
from objects.views import decisions, documents, plans

app_name = "objects"
urlpatterns = [
    path("api-access/", views.TokenListView.as_view(), name="tokens"),
    path("api-access/new/", views.NewTokenView.as_view(), name="new_token"),
    path("api-access/reference/", views.ReferenceView.as_view(), name="api_reference"),
    path("api-access/<uuid:token>/revoke/", views.RevokeTokenView.as_view(), name="revoke_token"),
    path("decisions/new/", decisions.NewDecisionView.as_view(), name="new_decision"),
    path("decisions/<uuid:decision>/change/", decisions.EditDecisionView.as_view(), name="edit_decision"),
    path("decisions/<uuid:decision>/remove/", decisions.RemoveDecisionView.as_view(), name="remove_decision"),
    path("decisions/<uuid:decision>/conditions/new/", decisions.NewConditionView.as_view(), name="new_condition"),
    path("decisions/<uuid:decision>/documents/new/", documents.NewDocumentView.as_view(), name="new_document"),
    path("decisions/<uuid:decision>/documents/<uuid:file>/", documents.DocumentView.as_view(), name="document"),
    path(
        "decisions/<uuid:decision>/documents/<uuid:file>/remove/",
        documents.RemoveDocumentView.as_view(),
        name="remove_document",
    ),
    path("decisions/conditions/<uuid:condition>/", decisions.MeetConditionView.as_view(), name="meet_condition"),
    path(
        "decisions/conditions/<uuid:condition>/remove/",
        decisions.RemoveConditionView.as_view(),
        name="remove_condition",
    ),
    path("objects/<slug:governance_object>/texts/", plans.TextsView.as_view(), name="edit_texts"),
    path("objects/<slug:governance_object>/plans/new/", plans.NewPlanView.as_view(), name="new_plan"),
    path("objects/plans/<uuid:plan>/", plans.EditPlanView.as_view(), name="edit_plan"),
    path("objects/plans/<uuid:plan>/items/new/", plans.NewItemView.as_view(), name="new_item"),
    path("objects/items/<uuid:item>/", plans.EditItemView.as_view(), name="edit_item"),
    path("objects/items/<uuid:item>/move/", plans.MoveItemView.as_view(), name="move_item"),
    path("objects/items/<uuid:item>/remove/", plans.RemoveItemView.as_view(), name="remove_item"),
]
