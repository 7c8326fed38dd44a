import pytest

from accounts.addresses import address_of_scope, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_people_are_counted_by_what_one_of_them_has(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("trust", "forwarded", "address"),
    [
        (False, [b"192.0.2.1"], "203.0.113.5"),
        (True, [], "203.0.113.5"),
        (True, [b"192.0.2.1"], "192.0.2.1"),
        (True, [b"192.0.2.9", b"192.0.2.8, 192.0.2.1"], "192.0.2.1"),
        (True, [b"192.0.2.9, unknown"], "203.0.113.5"),
        (True, [b"\xff"], "203.0.113.5"),
    ],
)
def test_a_socket_has_the_address_that_its_trusted_side_tells(settings, trust, forwarded, address):
    settings.TRUST_PROXY = trust
    headers = [(b"x-forwarded-for", value) for value in forwarded]
    assert address_of_scope({"client": ["203.0.113.5", 1], "headers": headers}) == address


def test_a_unix_socket_has_no_address():
    assert address_of_scope({"client": None, "headers": []}) == ""
