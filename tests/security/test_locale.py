"""The locale that a program's environment names, in the profile that has its header."""

import pytest

from executor import CodeExecutor
from executor.container import SandboxConfig
from executor.policy import Policy
from tests.conftest import REUSE, RUNTIME

pytestmark = pytest.mark.docker

LOCALE = """#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

int main(void)
{
    const char *text = "\u00e4\u20ac";
    wchar_t wide[8] = L"";
    const char *name = setlocale(LC_ALL, "");
    printf("%s %zu", name ? name : "none", mbstowcs(wide, text, 8));
    return wide[0] != 0xe4 || wide[1] != 0x20ac || *localeconv()->decimal_point != '.';
}
"""


def test_the_extended_profile_has_the_locale_of_its_environment():
    config = SandboxConfig(runtime=RUNTIME, reuse=REUSE)
    with CodeExecutor(config, Policy.load(profile="extended")) as executor:
        result = executor.execute_code(LOCALE)
    assert (result["status"], result["violations"]) == ("success", []), result
    assert result["stdout"].startswith("C.UTF-8")
    assert result["stdout"].endswith(" 2")
