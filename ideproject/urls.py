from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.forms import AdminLoginForm

admin.site.site_header = admin.site.site_title = "Cloister"
admin.site.index_title = "Administration"
# The admin has a log-in page of its own, and that door is throttled like the other one.
admin.site.login_form = AdminLoginForm

urlpatterns = [
    # So does the old password: the admin's own page takes guesses at it without counting them.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account")),
    path("admin/", admin.site.urls),
    # Browsers ask for it on pages that name no icon, such as the admin's.
    path(
        "favicon.ico",
        login_not_required(RedirectView.as_view(url=static("dist/icon.svg"), permanent=True)),
    ),
    path("accounts/", include("accounts.urls")),
    path("", include("executor.urls")),
    path("", include("workspace.urls")),
]
