from django.urls import path

from executor.scrape import metrics
from executor.views import execution, ide

urlpatterns = [
    path("", ide, name="ide"),
    path("metrics", metrics, name="metrics"),
    path("executions/<uuid:execution_id>/", execution, name="execution"),
]
