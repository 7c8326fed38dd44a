"""Several files: the tree, the tabs, upload and download, and what a program writes."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    UNREACHABLE,
    choose,
    ended,
    make_file,
    row,
    run,
    saved,
    tab,
    write,
)

pytestmark = [pytest.mark.browser, pytest.mark.docker]

MAIN = """#include <stdio.h>
#include "../include/parts.h"
int main(void) {
    FILE *data = fopen("../datasets/x.data", "r");
    int number = 0;
    if (!data || fscanf(data, "%d", &number) != 1) return 1;
    printf("%d\\n", twice(number) + more());
    return 0;
}
"""


def test_three_c_files_a_header_in_a_folder_and_data_one_folder_up_run(somebody, look):
    make_file(somebody, "include/parts.h", "int twice(int);\nint more(void);\n")
    make_file(somebody, "src/twice.c", "int twice(int n) { return 2 * n; }\n")
    make_file(somebody, "src/more.c", "int more(void) { return 2; }\n")
    make_file(somebody, "datasets/x.data", "20\n")
    make_file(somebody, "src/program.c", MAIN)
    choose(somebody, "src/program.c", "Make it the main file")
    expect(row(somebody, "src/program.c")).to_contain_text("main")
    choose(somebody, "main.c", "Delete…")
    somebody.get_by_role("button", name="Delete").click()
    expect(row(somebody, "main.c")).to_have_count(0)
    run(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text("42")
    ended(somebody)
    look("several-files")


def test_undo_survives_a_change_of_tabs(somebody):
    write(somebody, "int first;\n")
    make_file(somebody, "other.c", "int other;\n")
    tab(somebody, "main.c").click()
    expect(somebody.locator(".cm-content")).to_have_text(re.compile("int first;"))
    somebody.locator(".cm-content").press("Control+z")
    expect(somebody.locator(".cm-content")).to_contain_text("Secure sandbox example")
    tab(somebody, "other.c").click()
    expect(somebody.locator(".cm-content")).to_have_text(re.compile("int other;"))


def test_a_tab_shows_what_is_not_saved_and_closes(somebody, tolerated):
    tolerated += UNREACHABLE
    make_file(somebody, "notes.txt")
    somebody.route("**/files/notes.txt", lambda route: route.abort("internetdisconnected"))
    write(somebody, "kept here")
    expect(somebody.locator('#file-tabs [data-path="notes.txt"]')).to_have_class(
        re.compile("dirty")
    )
    expect(somebody.locator("#save-state")).to_contain_text("kept in this browser")
    somebody.unroute("**/files/notes.txt")
    saved(somebody)
    tab(somebody, "notes.txt").click(button="middle")
    expect(tab(somebody, "notes.txt")).to_have_count(0)
    expect(tab(somebody, "main.c")).to_have_attribute("aria-current", "true")


def arrow(page, folder):
    """What stands before a folder's name."""
    name = row(page, folder).locator(".tree-folder")
    return name.evaluate("name => getComputedStyle(name, '::before').content")


def test_a_file_with_a_long_name_can_be_closed(somebody):
    path = "x" * 80 + ".c"
    make_file(somebody, path)
    tabs = somebody.locator("#file-tabs").bounding_box()
    close = somebody.get_by_role("button", name=f"Close {path}").bounding_box()
    assert close["x"] + close["width"] <= tabs["x"] + tabs["width"] + 1
    assert row(somebody, path).locator(".tree-file").get_attribute("title") == path


def test_the_tree_is_walked_opened_and_renamed_by_keys(somebody):
    make_file(somebody, "lib/list.c")
    row(somebody, "main.c").focus()
    somebody.keyboard.press("Home")
    expect(row(somebody, "lib")).to_be_focused()
    assert arrow(somebody, "lib") == '"▾"'
    somebody.keyboard.press("ArrowLeft")
    expect(row(somebody, "lib/list.c")).to_have_count(0)
    assert arrow(somebody, "lib") == '"▸"'
    somebody.keyboard.press("ArrowRight")
    somebody.keyboard.press("ArrowRight")
    expect(row(somebody, "lib/list.c")).to_be_focused()
    somebody.keyboard.press("F2")
    somebody.get_by_label("New name").fill("lib/queue.c")
    somebody.keyboard.press("Enter")
    expect(tab(somebody, "lib/queue.c")).to_have_attribute("aria-current", "true")
    expect(row(somebody, "lib/list.c")).to_have_count(0)


def test_a_moved_folder_takes_its_open_files_along(somebody):
    make_file(somebody, "old/part.c", "int part;\n")
    choose(somebody, "old", "Rename or move…")
    somebody.get_by_label("New name").fill("new/deep")
    somebody.get_by_role("button", name="Rename").click()
    expect(tab(somebody, "new/deep/part.c")).to_have_attribute("aria-current", "true")
    write(somebody, "int changed;\n")
    saved(somebody)
    somebody.reload()
    expect(somebody.locator(".cm-content")).to_have_text(re.compile("int changed;"))


def test_a_refused_name_is_said_and_nothing_is_lost(somebody):
    somebody.get_by_role("button", name="New file", exact=True).click()
    somebody.get_by_label("Name").fill("../out.c")
    somebody.get_by_role("button", name="Create").click()
    expect(somebody.get_by_role("dialog").get_by_role("alert")).to_contain_text("out.c")
    expect(somebody.get_by_label("Name")).to_have_value("../out.c")


def test_uploaded_files_and_archives_are_there_and_come_back_as_a_zip(somebody):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("deep/data.txt", "1 2 3\n")
    picture = {"name": "net.bin", "mimeType": "", "buffer": b"\xff\x00\xfe"}
    sent = {"name": "all.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    with somebody.expect_file_chooser() as chooser:
        somebody.get_by_role("button", name="Upload files").click()
    chooser.value.set_files([picture, sent])
    row(somebody, "deep/data.txt").click()
    expect(somebody.locator(".cm-content")).to_have_text(re.compile("1 2 3"))
    row(somebody, "net.bin").click()
    expect(somebody.locator("#file-note")).to_contain_text("3 bytes")
    somebody.get_by_role("button", name="More", exact=True).click()
    with somebody.expect_download() as download:
        somebody.get_by_role("menuitem", name="Download as zip").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert sorted(archive.namelist()) == ["deep/data.txt", "main.c", "net.bin"]


def test_a_file_is_uploaded_into_the_folder_that_asked_for_it(somebody):
    make_file(somebody, "lib/list.c")
    row(somebody, "lib").click(button="right")
    with somebody.expect_file_chooser() as chooser:
        somebody.get_by_role("menuitem", name="Upload here…").click()
    chooser.value.set_files([{"name": "list.h", "mimeType": "", "buffer": b"int list;\n"}])
    expect(tab(somebody, "lib/list.h")).to_have_attribute("aria-current", "true")


def test_a_file_is_dropped_into_the_project(somebody):
    data = somebody.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["dropped\\n"], "dropped.txt"));
            return data;
        }"""
    )
    somebody.dispatch_event("#tree", "dragover", {"dataTransfer": data})
    somebody.dispatch_event(".cm-content", "drop", {"dataTransfer": data})
    expect(tab(somebody, "dropped.txt")).to_have_attribute("aria-current", "true")
    expect(somebody.locator(".cm-content")).to_have_text(re.compile("^dropped"))
    tab(somebody, "main.c").click()
    expect(somebody.locator(".cm-content")).not_to_contain_text("dropped")


WRITES = """#include <stdio.h>
int main(void) {
    FILE *out = fopen("out.txt", "w");
    fputs("learnt\\n", out);
    fclose(out);
    return 0;
}
"""
READS = """#include <stdio.h>
int main(void) {
    char word[20] = "nothing";
    FILE *in = fopen("out.txt", "r");
    if (in && fgets(word, 20, in)) printf("found %s", word);
    return 0;
}
"""


def test_what_a_program_wrote_is_seen_downloaded_and_kept_for_the_next_run(somebody, look):
    write(somebody, WRITES)
    run(somebody)
    ended(somebody)
    somebody.get_by_role("tab", name="Written").click()
    somebody.get_by_role("button", name="View: out.txt").click()
    expect(somebody.get_by_role("dialog")).to_contain_text("learnt")
    somebody.keyboard.press("Escape")
    look("written")
    with somebody.expect_download() as download:
        somebody.get_by_role("button", name="Download: out.txt").click()
    assert download.value.path().read_text() == "learnt\n"
    somebody.get_by_role("button", name="Keep in project: out.txt").click()
    expect(row(somebody, "out.txt")).to_be_visible()
    write(somebody, READS)
    run(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text("found learnt")


def upload(page, *files):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload files").click()
    chooser.value.set_files(list(files))


def zipped(name, **files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for stem, text in files.items():
            archive.writestr(stem.replace("_", "."), text)
    return {"name": name, "mimeType": "application/zip", "buffer": packed.getvalue()}


def test_an_upload_asks_before_it_overwrites_and_can_be_undone(somebody, tolerated, look):
    tolerated.append("status of 409")
    source, status = somebody.locator(".cm-content"), somebody.locator("#status")
    packed = zipped("second try.zip", main_c="int replaced;\n", new_txt="new\n")
    write(somebody, "int mine;\n")
    upload(somebody, packed)
    dialog = somebody.get_by_role("dialog", name="Overwrite 1 file?")
    changes = dialog.get_by_role("list", name="Changes").get_by_role("listitem")
    expect(changes).to_have_text(["main.c10 bytes → 14 bytes", "new.txtnew"])
    look("overwrite")
    dialog.get_by_role("button", name="Cancel").click()
    expect(source).to_have_text("int mine;")
    expect(row(somebody, "new.txt")).to_have_count(0)

    upload(somebody, packed)
    dialog.get_by_role("button", name="Overwrite").click()
    expect(source).to_have_text("int replaced;")
    expect(status).to_contain_text("1 file added, 1 file overwritten.")
    look("overwritten")
    status.get_by_role("button", name="Undo").click()
    expect(source).to_have_text("int mine;")
    expect(row(somebody, "new.txt")).to_have_count(0)

    upload(somebody, packed)
    dialog.get_by_role("button", name="New project").click()
    expect(somebody.locator("#project-name")).to_have_text("second try")
    expect(source).to_have_text("int replaced;")


def test_deleted_files_and_projects_are_restored_from_the_trash(somebody, tolerated, look):
    tolerated.append("status of 404")  # the project that was opened last is deleted
    make_file(somebody, "notes.txt", "kept\n")
    saved(somebody)
    choose(somebody, "notes.txt", "Delete…")
    somebody.get_by_role("button", name="Delete").click()
    expect(row(somebody, "notes.txt")).to_have_count(0)
    somebody.locator("#project").click()
    projects = somebody.get_by_role("dialog", name="Projects")
    with somebody.expect_file_chooser() as chooser:
        projects.get_by_role("button", name="From a zip archive…").click()
    chooser.value.set_files(zipped("Gone.zip", main_c="int gone;\n"))
    expect(somebody.locator("#project-name")).to_have_text("Gone")
    somebody.locator("#project").click()
    projects.get_by_role("button", name="Actions for Gone").click()
    somebody.get_by_role("menuitem", name="Delete…").click()
    somebody.get_by_role("button", name="Delete the project").click()
    expect(somebody.locator("#project-name")).to_have_text("My first project")

    somebody.get_by_role("button", name="More", exact=True).click()
    somebody.get_by_role("menuitem", name="Trash…").click()
    trash = somebody.get_by_role("dialog", name="Trash")
    look("trash")
    trash.get_by_role("button", name="Restore Gone").click()
    expect(trash.get_by_role("status")).to_have_text("Restored: Gone")
    trash.get_by_role("button", name="Restore notes.txt").click()
    expect(trash).to_contain_text("The trash is empty.")
    somebody.keyboard.press("Escape")
    row(somebody, "notes.txt").click()
    expect(somebody.locator(".cm-content")).to_have_text("kept")
    somebody.locator("#project").click()
    expect(projects.get_by_role("link", name="Gone")).to_be_visible()
