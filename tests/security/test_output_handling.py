"""What a program prints and writes arrives whole, in order, as it happens, and as nothing else."""

import base64
import hashlib

import pytest

from executor import messages
from executor.limits import KIB
from executor.outcome import Status
from executor.submission import Submission

pytestmark = pytest.mark.docker


def program(body):
    return f"#include <stdio.h>\n#include <time.h>\nint main(void)\n{{\n{body}\nreturn 0;\n}}\n"


def run(sandbox, body, **options):
    return sandbox.execute(Submission.from_source(program(body), **options))


def test_the_streams_are_told_apart_and_each_keeps_its_order(sandbox):
    outcome = run(
        sandbox,
        'for (int i = 0; i < 99; i++) { printf("o%d\\n", i); fprintf(stderr, "e%d\\n", i); }',
    )
    assert outcome.stdout == "".join(f"o{n}\n" for n in range(99))
    assert outcome.stderr == "".join(f"e{n}\n" for n in range(99))


def test_the_events_together_are_the_streams_of_the_result(sandbox):
    events = []
    submission = Submission.from_source(
        program("for (int i = 0; i < 5000; i++) { putchar(\"äx\\n\"[i % 4]); fputc('e', stderr); }")
    )
    outcome = sandbox.execute(submission, emit=events.append)
    for stream, text in (("stdout", outcome.stdout), ("stderr", outcome.stderr)):
        said = [e.data for e in events if isinstance(e, messages.Output) and e.stream == stream]
        assert "".join(said) == text


def test_single_bytes_are_gathered_into_few_events(sandbox):
    events = []
    body = 'setvbuf(stdout, NULL, _IONBF, 0); for (int i = 0; i < 20000; i++) putchar("ab"[i % 2]);'
    outcome = sandbox.execute(Submission.from_source(program(body)), emit=events.append)
    assert outcome.stdout == "ab" * 10000
    assert len(events) < 2000


@pytest.mark.parametrize("extra", [0, 1])
def test_the_cap_counts_bytes_and_both_streams(sandbox, extra):
    letters = 16 * KIB  # of two bytes each, on each stream
    body = f'for (int i = 0; i < {letters}; i++) {{ fputs("ä", stdout); fputs("ö", stderr); }}'
    outcome = run(sandbox, body + (f"for (int i = 0; i < {extra}; i++) putchar(65);"))
    assert outcome.status is (Status.OUTPUT_LIMIT if extra else Status.SUCCESS)
    assert outcome.output_bytes == 64 * KIB
    assert outcome.truncated == bool(extra)


def test_a_character_that_the_cap_cuts_in_two_is_replaced(sandbox):
    outcome = run(sandbox, 'putchar(65); for (int i = 0; i < 40000; i++) fputs("ä", stdout);')
    assert outcome.status is Status.OUTPUT_LIMIT
    assert outcome.stdout == "A" + "ä" * 32767 + "\N{REPLACEMENT CHARACTER}"


def test_characters_survive_being_written_byte_by_byte(sandbox):
    events = []
    body = """setvbuf(stdout, NULL, _IONBF, 0); const char *t = "🙂é世";
        for (int i = 0; i < 2000; i++) { for (const char *c = t; *c; c++) putchar(*c); }"""
    outcome = sandbox.execute(Submission.from_source(program(body)), emit=events.append)
    assert outcome.stdout == "🙂é世" * 2000
    assert not any("\N{REPLACEMENT CHARACTER}" in str(event) for event in events)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\xff\xfe", "\ufffd\ufffd"),
        (r"\xc3" + "(", "\ufffd("),
        (r"a\xe2\x82", "a\ufffd"),
        (r"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        (r"\xc0\xaf", "\ufffd\ufffd"),
        (r"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"),
        (r"\xef\xbb\xbf" "ok", "\ufeffok"),
    ],
)
def test_bytes_that_are_no_text_are_replaced_and_no_error(sandbox, written, read):
    outcome = run(sandbox, f'fputs("{written}", stdout);')
    assert (outcome.status, outcome.stdout) == (Status.SUCCESS, read)


def test_control_characters_arrive_as_they_are(sandbox):
    outcome = run(sandbox, "for (int i = 0; i < 128; i++) putchar(i);")
    assert outcome.stdout == "".join(map(chr, range(128)))


def test_output_is_never_taken_for_the_supervisors_word(sandbox):
    forged = 'V\\0\\0\\0\\4", 1, 5, stdout); fwrite("0123456789abcdefexit'
    outcome = run(sandbox, f'fwrite("{forged}", 1, 20, stdout); fflush(stdout); return 5;')
    assert (outcome.status, outcome.exit_code) == (Status.RUNTIME_ERROR, 5)
    assert outcome.stdout == "V\0\0\0\x040123456789abcdefexit"


async def until(executor, submission, step):
    """The result; ``step(event, remote)`` is called for each piece of output."""
    remote = executor.remote()
    async for event in executor.stream(submission, remote=remote):
        if isinstance(event, messages.Output):
            step(event, remote)
        if isinstance(event, messages.Result):
            return event.outcome


async def test_a_line_arrives_while_the_program_still_runs(limited):
    """If it came only at the end, nobody would be there to stop the program."""
    submission = Submission.from_source(program('puts("first"); for (;;) ;'))
    outcome = await until(
        limited(), submission, lambda event, remote: remote.handle(messages.Stop())
    )
    assert (outcome.status, outcome.stdout) == (Status.STOPPED, "first\n")


async def test_a_training_report_arrives_line_by_line(limited):
    lines = []

    def step(event, remote):
        lines.append(event.data)
        if "second" in event.data:
            remote.handle(messages.Stop())

    body = """struct timespec pause = {0, 100000000};
        puts("first"); nanosleep(&pause, 0); puts("second"); for (;;) ;"""
    await until(limited(), Submission.from_source(program(body)), step)
    assert lines == ["first\n", "second\n"]


async def test_a_prompt_without_a_newline_arrives_before_the_answer_is_given(limited):
    body = 'char n[32]; printf("name? "); fgets(n, 32, stdin); printf("hello %s", n);'

    def step(event, remote):
        if "name? " in event.data:
            remote.handle(messages.Stdin("Ada\n"))

    submission = Submission.from_source(program(body), interactive=True)
    outcome = await until(limited(), submission, step)
    assert outcome.status is Status.SUCCESS
    assert outcome.stdout.startswith("name? ")
    assert outcome.stdout.endswith("hello Ada\r\n")


async def test_the_end_of_a_persons_input_is_the_end_of_the_programs(limited, walls):
    if walls["gvisor"]:
        pytest.skip("gVisor's terminal swallows Ctrl-D at the start of a line")
    body = 'int n = 0; puts("go"); while (getchar() != EOF) n++; printf("%d bytes", n);'

    def step(event, remote):
        if "go" in event.data:
            remote.handle(messages.Stdin("abc\n"))
            remote.handle(messages.Eof())

    submission = Submission.from_source(program(body), interactive=True)
    outcome = await until(limited(), submission, step)
    assert outcome.stdout.endswith("4 bytes")


async def test_input_that_nobody_reads_holds_nothing_up(limited):
    submission = Submission.from_source(program('puts("done");'), stdin=b"x" * 1_000_000)
    outcome = await until(limited(), submission, lambda event, remote: None)
    assert (outcome.status, outcome.stdout) == (Status.SUCCESS, "done\n")


def test_standard_input_arrives_whole(sandbox):
    data = bytes(range(256)) * 3000
    body = "unsigned long n = 0, sum = 0; int c; while ((c = getchar()) != EOF) { n++; sum += c; }"
    outcome = run(sandbox, body + 'printf("%lu %lu", n, sum);', stdin=data)
    assert outcome.stdout == f"{len(data)} {sum(data)}"


def test_a_written_file_comes_out_with_its_digest(sandbox):
    events = []
    body = 'FILE *f = fopen("out.bin", "w"); for (int i = 0; i < 1000; i++) putc(i, f); fclose(f);'
    outcome = sandbox.execute(Submission.from_source(program(body)), emit=events.append)
    content = bytes(n % 256 for n in range(1000))
    [file] = outcome.files
    assert (file.name, file.size) == ("out.bin", 1000)
    assert base64.b64decode(file.content_base64) == content
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert messages.File("out.bin", 1000, file.sha256, file.content_base64) in events


def test_an_empty_file_comes_out_as_one(sandbox):
    [file] = run(sandbox, 'fclose(fopen("empty", "w"));').files
    assert (file.size, file.content_base64) == (0, "")
    assert file.sha256 == hashlib.sha256(b"").hexdigest()


def test_a_file_that_came_along_is_told_only_if_it_changed(sandbox):
    body = 'FILE *f = fopen("b.txt", "a"); fputs("!", f); fclose(f); fclose(fopen("a.txt", "r"));'
    files = {"main.c": program(body), "a.txt": "same", "b.txt": "new"}
    outcome = sandbox.execute(Submission.from_files(files, "main.c"))
    assert [(file.name, base64.b64decode(file.content_base64)) for file in outcome.files] == [
        ("b.txt", b"new!")
    ]


def test_a_file_that_was_written_again_with_the_same_content_has_not_changed(sandbox):
    body = 'FILE *f = fopen("a.txt", "w"); fputs("same", f); fclose(f);'
    files = {"main.c": program(body), "a.txt": "same"}
    assert sandbox.execute(Submission.from_files(files, "main.c")).files == []


def test_a_file_in_a_folder_of_the_project_comes_out_under_its_path(sandbox):
    body = 'FILE *f = fopen("../data/out.txt", "w"); fputs("x", f); fclose(f);'
    files = {"src/main.c": program(body), "data/in.txt": "y"}
    outcome = sandbox.execute(Submission.from_files(files, "src/main.c"))
    assert [file.name for file in outcome.files] == ["data/out.txt"]


@pytest.mark.parametrize("name", ["a b", "-rf", "ü🙂", "<b>", "~", "a'b", "%2e%2e"])
def test_an_odd_file_name_comes_out_as_it_is(sandbox, name):
    [file] = run(sandbox, f'fclose(fopen("{name}", "w"));').files
    assert file.name == name


def test_the_compilers_words_are_no_output_of_the_program(unvalidated_sandbox):
    source = '#pragma message "compiling"\n' + program('puts("running");')
    outcome = unvalidated_sandbox.execute(Submission.from_source(source, validate=False))
    assert "compiling" in outcome.compiler_output
    assert (outcome.stdout, outcome.stderr) == ("running\n", "")
    assert outcome.output_bytes == len("running\n")
