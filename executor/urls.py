from django.urls import path

from executor.views import declarations, execution, ide

urlpatterns = [
    path("", ide, name="ide"),
    path("api/declarations/", declarations, name="declarations"),
    path("executions/<uuid:execution_id>/", execution, name="execution"),
]
