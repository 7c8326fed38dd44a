"""What the editor offers comes from the image's headers, and is really there to be used."""

import pytest

from executor import declarations, dispatch, library
from executor.sandbox_config import DECLARATIONS_FILE

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def offered():
    return {one.name: one for one in library.current().declarations()}


def test_fann_comes_with_its_prototypes_and_its_own_sentences(offered):
    assert offered["fann_run"].text == "fann_type *fann_run(struct fann *ann, fann_type *input)"
    assert offered["fann_get_MSE"].sentence == "Reads the mean square error from the network."
    assert offered["FANN_ELLIOT"].sentence.startswith("Fast (sigmoid like) activation function")
    assert "*" not in offered["FANN_ELLIOT"].sentence


def test_the_c_library_comes_in_every_number_type(offered):
    assert offered["pow"].text == "double pow(double x, double y)"
    assert offered["powf"].sentence == "Gives x to the power of y. For float."
    assert offered["M_PI"].text.startswith("3.14159265358979")


def test_nothing_that_the_policy_refuses_is_offered(offered):
    assert not offered.keys() & {"system", "popen", "putenv", "tmpfile", "fann_save_internal"}


def test_every_sentence_of_ours_belongs_to_something_in_the_image(offered):
    engine = dispatch.executor_from_settings(pool_size=0).pool.engine
    listing = engine.image_file(engine.image()["Id"], DECLARATIONS_FILE).decode()
    there = {line.split("\t")[1] for line in listing.splitlines()}
    assert there >= declarations._sentences().keys()


@pytest.mark.parametrize("other", ["fixedfann.h", "fann.h"])  # they exclude each other
def test_everything_that_is_offered_compiles_and_links(offered, other):
    offered = {name: one for name, one in offered.items() if one.header != other}
    headers = sorted({one.header for one in offered.values()})
    functions = [name for name, one in offered.items() if f"{name}(" in one.text]
    constants = offered.keys() - set(functions)
    source = "\n".join(
        [
            *(f"#include <{header}>" for header in headers),
            "static const void *volatile used[] = {",
            *(f"    (const void *)&{name}," for name in functions),
            "};",
            "int main(void)",
            "{",
            *(f"    (void)({name});" for name in constants),
            '    printf("%zu\\n", sizeof used / sizeof *used);',
            "    return 0;",
            "}",
        ]
    )
    with dispatch.executor_from_settings(pool_size=0) as executor:
        outcome = executor.execute_code(source)
    assert (outcome["status"], outcome["stdout"]) == ("success", f"{len(functions)}\n"), outcome[
        "compiler_output"
    ]


def test_a_file_that_the_image_does_not_have_is_not_found():
    engine = dispatch.executor_from_settings(pool_size=0).pool.engine
    with pytest.raises(FileNotFoundError):
        engine.image_file(engine.image()["Id"], "/usr/lib/cloister/no-such-file")
