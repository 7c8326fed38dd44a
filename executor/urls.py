from django.urls import path

from executor.scrape import metrics
from executor.views import declarations, execution, ide

urlpatterns = [
    path("", ide, name="ide"),
    path("metrics", metrics, name="metrics"),
    path("api/declarations/", declarations, name="declarations"),
    path("executions/<uuid:execution_id>/", execution, name="execution"),
]
