"""What must be the same, however compiler and linker were started."""


def same(early, plain):
    for name in (
        "status",
        "message",
        "compiler_output",
        "diagnostics",
        "stdout",
        "stderr",
        "exit_code",
        "signal",
    ):
        assert getattr(early, name) == getattr(plain, name), name
