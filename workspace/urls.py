from django.urls import URLPattern, URLResolver, include, path, re_path

from workspace import (
    api_executions,
    api_files,
    api_projects,
    api_shares,
    api_standing,
    api_trash,
    pages,
)
from workspace.endpoint import nowhere

one_project: list[URLPattern | URLResolver] = [
    path("", api_projects.one_project),
    path("files/<path:path>", api_files.one_file),
    path("move/", api_files.move),
    path("upload/", api_files.upload),
    path("download/", api_files.download),
    path("shares/", api_shares.share_list),
]
api: list[URLPattern | URLResolver] = [
    path("projects/", api_projects.project_list),
    path("projects/upload/", api_files.project_upload),
    path("projects/<uuid:project_id>/", include(one_project)),
    path("standing/", api_standing.standing),
    path("trash/", api_trash.trash),
    path("trash/restore/", api_trash.restore),
    path("shares/<slug:token>/", api_shares.one_share),
    path("examples/", api_projects.example_list),
    path("executions/", api_executions.execution_list),
    path("executions/<uuid:execution_id>/", api_executions.one_execution),
    path("executions/<uuid:execution_id>/restore/", api_executions.restore),
]
urlpatterns = [
    path("api/", include(api)),
    re_path(r"^api/", nowhere),
    path("s/<slug:token>/", pages.shared, name="share"),
    path("s/<slug:token>/fork/", pages.fork, name="fork"),
    path("statistics/", pages.statistics, name="statistics"),
]
