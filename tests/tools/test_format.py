"""A source in the usual format: the same program with other blanks."""

import re

import pytest

from executor.frames import Tool
from executor.submission import Submission

pytestmark = pytest.mark.docker

UGLY = """\
#include <stdio.h>
int main( void ){
int  n=3;
if(n>2){puts("a  b");}
else puts( "ü" );
\twhile(n--){ printf ("%d\\n",n) ; }
return 0;}
"""
TIDY = """\
#include <stdio.h>
int main(void) {
    int  n = 3;
    if (n > 2) {
        puts("a  b");
    }
    else puts("ü");
    while (n--) {
        printf("%d\\n", n) ;
    }
    return 0;
}
"""


def formatted(sandbox, source):
    submission = Submission.from_source(source)
    return sandbox.check(submission, Tool.FORMAT)


def test_a_source_gets_the_usual_format(sandbox):
    assert formatted(sandbox, UGLY).text.replace("}\n    else", "} else") == TIDY.replace(
        "}\n    else", "} else"
    )


def test_only_blanks_change(sandbox):
    assert re.sub(r"\s", "", formatted(sandbox, UGLY).text) == re.sub(r"\s", "", UGLY)


def test_a_formatted_source_stays_as_it_is(sandbox):
    once = formatted(sandbox, UGLY).text
    assert formatted(sandbox, once).text == once


@pytest.mark.parametrize("source", ["", "int main(void) {", "}}}}))))\n", '"', "/* never closed\n"])
def test_half_a_source_is_formatted_as_well_and_loses_nothing(sandbox, source):
    made = formatted(sandbox, source)
    assert made.diagnostics == []
    assert re.sub(r"\s", "", made.text) == re.sub(r"\s", "", source)


def test_what_the_policy_would_refuse_may_be_formatted(sandbox):
    assert "unistd" in formatted(sandbox, "#include <unistd.h>\n").text


def test_a_source_that_is_too_large_is_refused(sandbox):
    made = formatted(sandbox, "\n" * (1 << 20) + "int x;")
    assert [one.rule for one in made.violations] == ["code-size"]
