from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import Account, LogIn, SignUp

urlpatterns = [
    path("", Account.as_view(), name="account"),
    path("login/", LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("signup/", SignUp.as_view(), name="signup"),
]
