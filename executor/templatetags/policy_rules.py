"""``{% load policy_rules %}``: why a rule exists, for pages that show violations.

The records keep what was refused and know no policy; a page of the site may put
the two together, and this tag is how it asks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django import template
from django.conf import settings

from executor.rulebook import Rulebook

register = template.Library()

# Rules that are no matter of policy: the runner and the records say them by themselves.
_OTHERS = {
    "argument-size": "Arguments lie on the program's stack, which has a limit of its own.",
    "blocked-syscall": "No honest program needs this call: libc, libm and FANN do without it. "
    "What asks for it is looking for a way past the walls.",
    "compile-timeout": "A source can be written so that its compiler never ends.",
    "compiler-crash": "Ordinary sources do not crash the compiler. One that does may try to take "
    "it over.",
    "data-size": "Files of the project take memory of the sandbox and of the server.",
    "file-count": "Each file costs the server work before anything runs.",
    "memory-limit": "The machine's memory is everybody's; a program gets its share.",
    "no-verdict": "The supervisor always reports why a program ended. If it did not, the sandbox "
    "was removed from outside, or something in it got the better of the supervisor.",
    "output-limit": "Output is sent, shown and kept; a flood of it would drown all three.",
    "repeated-violations": "One refusal is a mistake. Many in a short time are somebody who tries "
    "what gets through, or somebody who needs help.",
    "stdin-size": "Input waits in the server's memory until the program reads it.",
    "timeout": "A program that does not end keeps a place that others wait for.",
}


@register.simple_tag
def why(rule: str) -> str:
    """Why the rule exists, by today's policy; empty for a rule that is there no more."""
    known = _rulebook(settings.POLICY_FILE, settings.POLICY_PROFILE).rules.get(rule)
    return known.why if known else _OTHERS.get(rule, "")


@cache
def _rulebook(path: str, profile: str) -> Rulebook:
    """Read once, like the policy that the server judges by."""
    return Rulebook.load(Path(path) if path else None, profile)
