"""The addresses of the stress test; their names belong to the book of forecasts."""

from django.urls import path

from desk.stress import keep as keep_scenarios
from desk.stress.compare import CompareView
from desk.stress.view import StressView

tries = "budgets/<slug:budget>/stress/"
STRESS = [
    path(tries, StressView.as_view(), name="stress"),
    path(f"{tries}scenarios/", CompareView.as_view(), name="scenarios"),
    path(f"{tries}scenarios/save/", keep_scenarios.SaveScenarioView.as_view(), name="save_scenario"),
    path(f"{tries}scenarios/<uuid:scenario>/", keep_scenarios.ScenarioView.as_view(), name="scenario"),
    path(
        f"{tries}scenarios/<uuid:scenario>/remove/",
        keep_scenarios.RemoveScenarioView.as_view(),
        name="remove_scenario",
    ),
    path(
        f"{tries}scenarios/acts/<uuid:act>/undo/",
        keep_scenarios.UndoScenarioView.as_view(),
        name="undo_scenario_act",
    ),
]
