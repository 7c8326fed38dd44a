from django.contrib import admin
from django.urls import include, path

from accounts.forms import AdminLoginForm

admin.site.site_header = admin.site.site_title = "Cloister"
admin.site.index_title = "Administration"
# The admin has a log-in page of its own, and that door is throttled like the other one.
admin.site.login_form = AdminLoginForm

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("", include("executor.urls")),
]
