from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse

SIGNUP = "/accounts/signup/"


def form(username="erin", password="erin-and-her-9-fish", **changed):
    return {"username": username, "password1": password, "password2": password} | changed


def test_signing_up_makes_an_account_and_logs_it_in(client, db):
    assert client.get(SIGNUP).status_code == 200
    response = client.post(SIGNUP, form())
    assert (response.status_code, response.url) == (302, reverse("ide"))
    erin = User.objects.get(username="erin")
    assert client.session["_auth_user_id"] == str(erin.pk)


def test_nobody_makes_themselves_an_administrator(client, db):
    client.post(SIGNUP, form(is_staff="on", is_superuser="on"))
    erin = User.objects.get(username="erin")
    assert not erin.is_staff
    assert not erin.is_superuser


def test_a_weak_password_or_a_taken_name_makes_no_account(client, alice):
    for fields, blamed in (
        (form(password="12345678"), "password2"),
        (form(password2="another-9-fish"), "password2"),
        (form("ALICE"), "username"),
    ):
        response = client.post(SIGNUP, fields)
        assert response.status_code == 200
        assert blamed in response.context["form"].errors
    assert User.objects.count() == 1


def test_of_two_who_take_one_name_at_once_the_second_is_told_so(client, db):
    first = [lambda: User.objects.create_user("erin", password="the-other-9-fish")]

    def meanwhile(execute, sql, params, many, context):
        if first and sql.startswith('INSERT INTO "auth_user"'):
            first.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        response = client.post(SIGNUP, form())
    assert response.status_code == 200
    assert "is taken. Choose another name." in str(response.context["form"].errors["username"])
    assert "_auth_user_id" not in client.session


def test_where_sign_up_is_closed_there_is_no_such_page(client, db, settings):
    settings.SIGNUP_OPEN = False
    assert client.get(SIGNUP).status_code == 404
    assert client.post(SIGNUP, form()).status_code == 404
    assert not User.objects.exists()


def test_accounts_are_not_made_by_the_hundred(client, db, settings):
    settings.SIGNUP_RATE = "2/h"
    for number in range(2):
        client.post(SIGNUP, form(f"erin{number}"))
        client.logout()
    response = client.post(SIGNUP, form("erin2"))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Too many attempts to sign up" in response.context["form"].non_field_errors()[0]
    assert User.objects.count() == 2
    client.post(SIGNUP, form("erin3"), REMOTE_ADDR="198.51.100.1")
    assert User.objects.filter(username="erin3").exists()


def test_who_is_logged_in_already_goes_to_the_page(client, alice):
    client.force_login(alice)
    assert client.get(SIGNUP).url == reverse("ide")


def test_who_was_sent_a_share_and_has_no_account_gets_there(client, db):
    page = client.get("/accounts/login/", {"next": "/s/a-token/"}).text
    assert "A project was shared with you" in page
    assert 'href="/accounts/signup/?next=/s/a-token/"' in page
    assert 'name="next" value="/s/a-token/"' in client.get(SIGNUP, {"next": "/s/a-token/"}).text
    answer = client.post(SIGNUP, form(next="/s/a-token/"))
    assert (answer.status_code, answer["Location"]) == (302, "/s/a-token/")


def test_signing_up_leads_to_no_other_site(client, db):
    answer = client.post(SIGNUP, form(next="https://elsewhere.example/"))
    assert answer["Location"] == "/"
