from django.urls import path

from executor.views import ide

urlpatterns = [path("", ide, name="ide")]
