from django.test import Client

ACCOUNT = "/accounts/"
OLD, NEW = "alice-and-her-9-cats", "alice-and-her-8-cats"


def form(old=OLD, new=NEW, again=NEW):
    return {"old_password": old, "new_password1": new, "new_password2": again}


def logged_in(password=OLD):
    client = Client()
    return client, client.login(username="alice", password=password)


def test_who_is_not_logged_in_is_asked_to(client, db):
    response = client.get(ACCOUNT)
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={ACCOUNT}")


def test_no_browser_keeps_the_page(alice):
    client, _ = logged_in()
    assert "no-store" in client.get(ACCOUNT).headers["Cache-Control"]


def test_another_password_is_the_only_one_from_then_on(alice):
    client, _ = logged_in()
    response = client.post(ACCOUNT, form(), follow=True)
    assert "Your password was changed" in response.text
    assert (logged_in(OLD)[1], logged_in(NEW)[1]) == (False, True)


def test_it_stays_logged_in_here_and_nowhere_else(alice):
    here, elsewhere = logged_in()[0], logged_in()[0]
    assert elsewhere.get(ACCOUNT).status_code == 200
    here.post(ACCOUNT, form())
    assert here.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302


def test_without_the_old_password_or_with_a_weak_one_nothing_changes(alice):
    client, _ = logged_in()
    for fields, blamed in (
        (form(old="something-else"), "old_password"),
        (form(new="12345678", again="12345678"), "new_password2"),
        (form(again="alice-and-her-7-cats"), "new_password2"),
    ):
        response = client.post(ACCOUNT, fields)
        assert response.status_code == 200
        assert blamed in response.context["form"].errors
    assert logged_in(OLD)[1]


def test_the_old_password_is_not_guessed_here_either(alice, settings):
    settings.LOGIN_RATE = "3/m"
    client, _ = logged_in()
    answers = [client.post(ACCOUNT, form(old=f"guess-{number}")) for number in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    right, wrong = client.post(ACCOUNT, form()), client.post(ACCOUNT, form(old="guess-4"))
    assert (right.status_code, wrong.status_code) == (429, 429)
    assert right.context["form"].errors == wrong.context["form"].errors
    assert logged_in(OLD)[1]


def test_the_administrations_own_page_leads_here_and_takes_no_guesses(client, dora):
    client.force_login(dora)
    for answer in (client.get, client.post):
        response = answer("/admin/password_change/", form(old="a-guess"))
        assert (response.status_code, response.url.partition("?")[0]) == (302, ACCOUNT)
