"""Uploads and zip archives: what is meant comes in, all of it or nothing."""

import io
import stat
import struct
import tracemalloc
import zipfile

import pytest

from tests.workspace.browsers import address


def named(name, content):
    file = io.BytesIO(content)
    file.name = name
    return file


def archive(*entries, name="files.zip", **options):
    """A zip archive of (path or ZipInfo, content) pairs, for an upload."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", **options) as pack:
        for path, content in entries:
            pack.writestr(path, content)
    return named(name, data.getvalue())


def entry(path, mode):
    info = zipfile.ZipInfo(path)
    info.external_attr = mode << 16
    return info


@pytest.fixture
def made(of_alice):
    return of_alice.make("Uploads", {"main.c": "one"})


@pytest.fixture
def send(of_alice, made):
    return lambda *files, **fields: of_alice.upload(address(made, "upload/"), *files, **fields)


def test_several_files_are_uploaded_into_a_folder(of_alice, made, send):
    answer = send(named("a.data", b"1\n"), named("b.c", b"2\n"), folder="sets/small/")
    assert [file["path"] for file in answer.json()["files"]] == [
        *("main.c", "sets/small/a.data", "sets/small/b.c")
    ]
    assert of_alice.texts(made)["sets/small/a.data"] == "1\n"


def test_a_zip_archive_is_unpacked_with_its_folders(of_alice, made, send):
    folder = entry("src/", stat.S_IFDIR | 0o755)
    send(archive((folder, ""), ("src/net.c", "net"), ("data/x.data", "1 2 3\n" * 1000)))
    assert of_alice.texts(made) == {
        "main.c": "one",
        "src/net.c": "net",
        "data/x.data": "1 2 3\n" * 1000,
    }


def test_what_other_systems_put_into_archives_is_left_out(of_alice, made, send):
    decomposed = "cafe\N{COMBINING ACUTE ACCENT}.txt"
    send(archive(("__MACOSX/._a.c", "\0"), ("a/.DS_Store", "\0"), (decomposed, "x"), ("a/b", "y")))
    assert set(of_alice.texts(made)) == {"main.c", "caf\u00e9.txt", "a/b"}


def test_what_was_downloaded_can_be_uploaded_again(of_alice, made, send):
    of_alice.ask("PUT", address(made, "files/data/all.bin"), bytes(range(256)))
    answer = of_alice.get(address(made, "download/"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Uploads.zip"'
    other = of_alice.make("Other", {"main.c": "other"})
    of_alice.upload(address(other, "upload/"), named("again.zip", answer.content))
    assert of_alice.project(other)["files"] == of_alice.project(made)["files"]


def test_a_project_with_an_odd_name_is_downloaded_under_it(of_alice):
    made = of_alice.make('Netz "ä"/..')
    disposition = of_alice.get(address(made, "download/")).headers["Content-Disposition"]
    assert disposition == "attachment; filename*=utf-8''Netz%20%22%C3%A4%22-...zip"


def encrypted():
    packed = archive(("a.c", "x"))
    data = bytearray(packed.getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return named("files.zip", bytes(data))


def lying():
    """An entry that holds a megabyte and says that it holds a byte."""
    data = archive(("a.txt", "x" * (1 << 20)), compression=zipfile.ZIP_DEFLATED).getvalue()
    at = data.index(b"PK\x01\x02") + 24
    return named("files.zip", data[:at] + struct.pack("<I", 1) + data[at + 4 :])


def with_nul():
    """A name that ends earlier for one reader than for another; Python itself writes none."""
    data = archive(("a.c_.txt", "x")).getvalue()
    return named("files.zip", data.replace(b"a.c_.txt", b"a.c\0.txt"))


def crowded():
    return archive(*((f"{number}/", "") for number in range(20_000)))


def wide():
    """The directory's size in a second, larger record, which Python prefers."""
    data = archive(("a.c", "x")).getvalue()
    at = data.index(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return named("files.zip", data[:at] + locator + data[at:])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: archive(("../main.c", "x")), "is outside the project"),
        (lambda: archive(("a/../../main.c", "x")), "is outside the project"),
        (lambda: archive(("/etc/passwd", "x")), "absolute"),
        (lambda: archive(("C:\\main.c", "x")), "not allowed"),
        (with_nul, "not allowed"),
        (lambda: archive((entry("link", stat.S_IFLNK | 0o777), "/etc/passwd")), "is a link"),
        (
            lambda: archive((entry("pipe", stat.S_IFIFO | 0o666), "")),
            "another special file",
        ),
        (lambda: archive(("a", "x"), ("a/b", "y")), "both a file and a folder"),
        (lambda: archive(("a.c", "x"), compression=zipfile.ZIP_LZMA), "in an unusual way"),
        (lambda: archive(("a.data", b"\0" * (9 << 20)), compression=8), "the limit"),
        (lambda: archive(*((f"{n}.c", "") for n in range(101))), "100 is the limit"),
        (lambda: archive(*((f"{n}.c", "") for n in range(100))), "102 files, and 100"),
        (encrypted, "is encrypted"),
        (lying, "damaged"),
        (crowded, "far more entries"),
        (wide, "far more entries"),
        (lambda: named("files.zip", b"no archive"), "not a zip archive"),
        (lambda: named("files.zip", b""), "damaged"),
        (lambda: named("files.ZIP", archive(("a.c", "x" * 99)).getvalue()[:-30]), "damaged"),
    ],
)
def test_an_archive_that_is_not_harmless_changes_nothing(of_alice, made, send, make, says):
    answer = send(named("fine.txt", b"fine"), make())
    assert answer.status_code in (400, 413)
    assert says in answer.json()["error"]["message"]
    assert of_alice.texts(made) == {"main.c": "one"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused(of_alice, made, send):
    twice = archive(("a.c", "x"), ("a.c", "y"))
    assert "is in it twice" in send(twice).json()["error"]["message"]
    answer = send(archive(("a.c", "x")), named("a.c", b"y"))
    assert answer.json()["error"]["code"] == "twice"
    assert of_alice.texts(made) == {"main.c": "one"}


def test_an_upload_without_files_says_so(of_alice, made):
    answer = of_alice.client.post(
        address(made, "upload/"), {"folder": "x"}, headers={"X-CSRFToken": of_alice.token}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad-field")


def test_one_file_too_many_gets_the_limit_and_not_a_bare_error(send):
    answer = send(*(named(f"{number}.txt", b"") for number in range(150)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "file-count")


def test_many_small_archives_of_much_are_refused_after_the_first_that_is_too_much(made, send):
    megabytes = 3
    bombs = [
        archive((f"{n}.data", bytes(megabytes << 20)), compression=zipfile.ZIP_DEFLATED)
        for n in range(40)
    ]
    tracemalloc.start()
    answer = send(*bombs)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "data-size")
    assert most < 30 << 20  # all of them would be 120


def test_a_comment_of_the_greatest_length_hides_no_large_directory(send):
    packed = archive(*((f"{n}/", "") for n in range(70_000))).getvalue()
    # Python writes the locator when there are so many; behind it the end, which holds the comment.
    end = bytearray(packed[-22:])
    struct.pack_into("<I", end, 12, 0)  # of the directory's two sizes the locator's counts
    struct.pack_into("<H", end, 20, 0xFFFF)
    commented = packed[:-22] + end + bytes(0xFFFF)
    answer = send(named("files.zip", commented))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "bad-archive")


@pytest.mark.parametrize("offset", [0xFFFFFFFF - 1, 0x80000000])
def test_an_archive_that_points_nowhere_is_damaged_even_when_it_is_kept_in_a_file(send, offset):
    packed = archive(("a.data", bytes(4 << 20))).getvalue()
    end = packed.rindex(b"PK\x05\x06")
    bad = packed[: end + 16] + struct.pack("<I", offset) + packed[end + 20 :]
    answer = send(named("files.zip", bad))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad-archive")
