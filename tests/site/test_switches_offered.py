"""The page offers the switches of a run that the site allows."""

import json
import re

import pytest
from django.contrib.auth.models import User


@pytest.mark.parametrize(
    ("allowed", "offered"),
    [(True, ["sanitize", "fixed_seed", "warnings"]), (False, ["sanitize", "fixed_seed"])],
)
def test_a_switch_that_the_site_rules_out_is_not_offered(client, db, settings, allowed, offered):
    settings.ALLOW_SHOW_WARNINGS = allowed
    client.force_login(User.objects.create_user("alice"))
    page = client.get("/").content.decode()
    tools = re.search(r'<script id="tools" type="application/json">(.*?)</script>', page)[1]
    assert json.loads(tools)["options"] == offered
