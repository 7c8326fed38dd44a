from django.urls import path

from executor.views import execution, ide

urlpatterns = [
    path("", ide, name="ide"),
    path("executions/<uuid:execution_id>/", execution, name="execution"),
]
