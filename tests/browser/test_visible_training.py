"""The plot of a training and the graph of a network, in a page with the site's strict rules."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "tests/page/training"
NETS = ROOT / "tests/page/nets"
ESBUILD = ROOT / "node_modules/.bin/esbuild"
ORIGIN = "http://cloister.test"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
)
PAGE = """<!doctype html><html lang="en"><head><title>Stand</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="site.css"><link rel="stylesheet" href="plot.css">
<link rel="stylesheet" href="net-graph.css"></head>
<body><main><div id="plot" style="height: 26rem"></div><div id="net" style="height: 32rem"></div>
</main><script type="module" src="stand.js"></script></body></html>"""
STAND = """
import {{ NetGraph }} from "{0}/net-graph.js";
import {{ parseNet }} from "{0}/net-file.js";
import {{ Plot }} from "{0}/plot.js";
import {{ TrainingReader }} from "{0}/training.js";
const plot = new Plot(document.getElementById("plot"));
const graph = new NetGraph(document.getElementById("net"));
Object.assign(window, {{ plot, graph, parseNet, TrainingReader, reader: new TrainingReader() }});
document.body.dataset.ready = "yes";
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The modules as the build makes them, by file name."""
    folder = tmp_path_factory.mktemp("stand")
    source = ROOT / "static/src"
    (folder / "stand.js").write_text(STAND.format(source))
    styles = [source / name for name in ("site.css", "plot.css", "net-graph.css")]
    options = [
        "--log-level=warning",
        "--bundle",
        "--format=esm",
        "--target=es2022",
        "--entry-names=[name]",
    ]
    subprocess.run(
        [ESBUILD, folder / "stand.js", *styles, *options, f"--outdir={folder / 'out'}"],
        check=True,
        timeout=60,
    )
    return {file.name: file for file in (folder / "out").iterdir()}


@pytest.fixture
def stand(built, chromium):
    """A page with an empty plot and an empty graph; nothing may complain in it."""
    context = chromium.new_context(viewport={"width": 1024, "height": 1000})
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def answer(route):
        name = route.request.url.removeprefix(f"{ORIGIN}/")
        if name in built:
            route.fulfill(path=built[name])
        else:
            headers = {"Content-Security-Policy": CSP}
            route.fulfill(body=PAGE, content_type="text/html", headers=headers)

    context.route("**/*", answer)
    page.goto(ORIGIN)
    page.wait_for_selector("body[data-ready]")
    yield page
    context.close()
    assert complaints == []


def log(name):
    return (LOGS / f"{name}.txt").read_text()


def write(page, text):
    page.evaluate("text => { reader.write(text); plot.update(reader); }", text)


def show_net(page, text):
    page.evaluate("text => graph.show(parseNet(text))", text)


def drawing(page):
    """What the chart looks like, to be compared."""
    return page.evaluate("document.querySelector('.plot canvas').toDataURL()")


def chart(page):
    return page.get_by_role("img", name="Plot.")


def test_an_empty_plot_says_how_to_fill_it(stand):
    expect(stand.get_by_text("#plot loss 10 0.25")).to_be_visible()
    expect(stand.get_by_role("button", name="CSV")).to_be_hidden()


def test_a_curve_grows_while_reports_come(stand):
    first, second = log("reached")[:150], log("reached")[150:]
    write(stand, first)
    expect(chart(stand)).to_have_accessible_name(re.compile("training error: 1 point,"))
    write(stand, second)
    expect(chart(stand)).to_have_accessible_name(re.compile("5 points, from 0.25 at 1 to 0.000807"))
    expect(chart(stand)).to_have_accessible_name(re.compile("desired error is 0.001"))
    expect(stand.get_by_role("checkbox", name="Log scale")).to_be_checked()


def test_the_log_scale_is_a_choice_and_left_out_points_are_told(stand):
    write(stand, "#plot a 1 0\n#plot a 2 5\n#plot a 3 50\n")
    box = stand.get_by_role("checkbox", name="Log scale")
    expect(chart(stand)).to_be_visible()
    expect(box).not_to_be_checked()
    straight = drawing(stand)
    box.check()
    expect(stand.get_by_text("1 point is not above 0")).to_be_visible()
    assert drawing(stand) != straight


def test_curves_over_other_stretches_of_x_are_drawn_apart(stand):
    fit = "".join(f"#plot wanted {x / 10} {x / 20}\n#plot network {x / 10} 0\n" for x in range(9))
    write(stand, log("short") + fit)
    groups = stand.get_by_role("group", name="Which lines are drawn")
    expect(groups.get_by_role("button", name="training error")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(chart(stand)).to_have_accessible_name(re.compile("^Plot. training error: .* desired"))
    expect(chart(stand)).not_to_have_accessible_name(re.compile("wanted"))
    groups.get_by_role("button", name="wanted, network").click()
    expect(chart(stand)).to_have_accessible_name(
        re.compile(r"^Plot. wanted: 9 points.* network: 9 points, [^:]*$")
    )
    expect(stand.get_by_role("list", name="Lines")).not_to_contain_text("training error")
    expect(stand.get_by_role("checkbox", name="Log scale")).not_to_be_checked()


def test_earlier_runs_are_told_apart_without_colour(stand):
    stand.evaluate(
        """texts => plot.show(texts.map((text, at) => {
            const reader = new TrainingReader();
            reader.write(text);
            const { series, desiredError } = reader;
            return { label: `run ${at}`, series, desiredError };
        }))""",
        [log(name) for name in ("reached", "short", "plateau", "oscillates", "grows", "overfits")],
    )
    lines = stand.get_by_role("list", name="Lines").get_by_role("button")
    expect(lines).to_have_count(6)
    patterns = lines.locator("line").evaluate_all(
        "all => all.map((one) => one.getAttribute('stroke-dasharray'))"
    )
    assert len(set(patterns)) == 6
    before = drawing(stand)
    lines.nth(2).click()
    expect(lines.nth(2)).to_have_attribute("aria-pressed", "false")
    assert drawing(stand) != before


def test_a_plot_is_saved_as_a_picture_and_as_a_table(stand):
    write(stand, log("twice"))
    expect(chart(stand)).to_be_visible()
    with stand.expect_download() as saving:
        stand.get_by_role("button", name="Save the plot as PNG").click()
    picture = Path(saving.value.path()).read_bytes()
    assert saving.value.suggested_filename == "training.png"
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5000
    with stand.expect_download() as saving:
        stand.get_by_role("button", name="Save the points as CSV").click()
    rows = Path(saving.value.path()).read_text().splitlines()
    assert rows[:2] == ["run,series,x,y", "this run,training error 1,1,0.2501640916"]
    assert len(rows) == 1 + 5 + 3


def test_keys_read_the_curve_point_by_point_and_a_table_holds_it(stand):
    write(stand, log("reached"))
    chart(stand).focus()
    stand.keyboard.press("ArrowRight")
    expect(stand.get_by_text("1: training error 0.2502")).to_be_visible()
    stand.keyboard.press("ArrowRight")
    expect(stand.get_by_text("10: training error 0.2151")).to_be_visible()
    stand.get_by_text("As a table").click()
    expect(stand.get_by_role("row")).to_have_count(6)


def test_a_part_of_the_curve_is_looked_at_and_the_whole_again(stand):
    write(stand, log("short"))
    box = stand.locator(".plot .u-over").bounding_box()
    whole = drawing(stand)
    stand.mouse.move(box["x"] + 200, box["y"] + 50)
    stand.mouse.down()
    stand.mouse.move(box["x"] + 400, box["y"] + 60)
    stand.mouse.up()
    expect(stand.get_by_role("button", name="Whole curve")).to_be_visible()
    assert drawing(stand) != whole
    stand.get_by_role("button", name="Whole curve").click()
    expect(stand.get_by_role("button", name="Whole curve")).to_be_hidden()
    stand.mouse.move(0, 0)
    assert drawing(stand) == whole


@pytest.mark.parametrize(
    "text",
    [
        "#plot a 1e17 1\n#plot a 100000000000000016 2\n",
        "#plot a 9000000000000000 1\n#plot a 9000000000000002 2\n",
        "#plot a 1 1e-30\n#plot a 2 1\n",
        "#plot a 1 5e-324\n#plot a 2 1.7e308\n",
        "#plot a -1e300 -1e300\n#plot a 1e300 1e300\n",
        "#plot a 1 1\n" * 5000,
        "".join(f"#plot s{x % 16} {x * 0.37} {x % 11 - 3}\n" for x in range(60_000)),
    ],
    ids=["lost-step", "lost-digit", "deep-log", "all-floats", "widest", "one-place", "flood"],
)
def test_no_output_freezes_the_page(stand, text):
    write(stand, text)
    expect(chart(stand)).to_be_visible()
    stand.get_by_role("checkbox", name="Log scale").click()
    assert stand.evaluate("1 + 1") == 2


def test_colours_follow_the_theme(stand):
    write(stand, log("reached"))
    expect(chart(stand)).to_be_visible()
    light = drawing(stand)
    stand.evaluate(
        "document.documentElement.dataset.theme = 'dark';"
        "document.dispatchEvent(new Event('themechange'))"
    )
    assert drawing(stand) != light


def test_a_neuron_tells_its_function_and_its_weights(stand):
    show_net(stand, (NETS / "xor.net").read_text())
    expect(stand.get_by_text("2 inputs, 3 hidden, 1 output; 13 connections.")).to_be_visible()
    expect(stand.locator(".net-edge")).to_have_count(13)
    negative = stand.locator(".net-edge.negative").first
    expect(negative).not_to_have_css("stroke-dasharray", "none")
    stand.get_by_role("img", name="hidden neuron 2.").hover()
    info = stand.locator(".net-info")
    expect(info).to_contain_text("FANN_SIGMOID_SYMMETRIC, steepness 0.5.")
    expect(info).to_contain_text("From input 1: −")
    expect(stand.locator(".net-edge.lit")).to_have_count(4)


def test_a_net_is_walked_with_the_arrow_keys(stand):
    show_net(stand, (NETS / "sparse.net").read_text())
    neurons = stand.locator(".net-neuron")
    expect(stand.locator(".net-neuron[tabindex='0']")).to_have_count(1)
    neurons.first.focus()
    for key, name in [
        ("ArrowDown", "input 2"),
        ("ArrowRight", "hidden 1 neuron"),
        ("ArrowRight", "hidden 2 neuron"),
        ("ArrowRight", "output 1"),
        ("ArrowRight", "output 1"),
        ("ArrowLeft", "hidden 2 neuron 1"),
        ("ArrowUp", "hidden 2 neuron 1"),
    ]:
        stand.keyboard.press(key)
        expect(stand.locator(".net-neuron:focus")).to_have_attribute(
            "aria-label", re.compile(f"^{name}")
        )


def test_ten_thousand_connections_become_a_map_that_pointer_and_keys_read(stand):
    # As FANN would save it: 100 inputs, 90 hidden neurons, 10 outputs, and the biases.
    sizes = [101, 91, 11]
    head = (NETS / "xor.net").read_text().split("neurons (")[0].replace("=3 4 2", "=101 91 11")
    wanted = [0] * 101 + [101] * 90 + [0] + [91] * 10 + [0]
    neurons = " ".join(f"({count}, 5, 0.5)" for count in wanted)
    weights = " ".join(
        f"({101 * (count == 91) + at}, {(at % 9 - 4) / 8})"
        for count in wanted
        for at in range(count)
    )
    assert sum(sizes) == len(wanted)
    show_net(
        stand,
        f"{head}neurons (num_inputs, activation_function, activation_steepness)={neurons}\n"
        f"connections (connected_to_neuron, weight)={weights}\n",
    )
    expect(stand.get_by_text("10,000 connections")).to_be_visible()
    # Pictures, and not an element for each connection: that took a browser seconds.
    assert stand.locator("*").count() < 1000
    first = stand.get_by_role("img", name="Weights Input → hidden")
    first.focus()
    stand.keyboard.press("ArrowDown")
    stand.keyboard.press("ArrowRight")
    info = stand.locator(".net-info")
    expect(info).to_have_text("input 2 → hidden neuron 2: −0.375")
    first.hover(position={"x": 2, "y": 2})
    expect(info).to_have_text("input 1 → hidden neuron 1: −0.5")


def test_a_net_with_weights_that_are_no_numbers_is_drawn_and_told(stand):
    show_net(stand, (NETS / "nan.net").read_text())
    expect(
        stand.get_by_text("2 weights are not a number: the training broke down.")
    ).to_be_visible()
    expect(stand.locator(".net-edge.odd")).to_have_count(2)


@pytest.mark.parametrize("width", [390, 1600])
def test_nothing_is_wider_than_the_screen(stand, width):
    stand.set_viewport_size({"width": width, "height": 900})
    write(stand, log("cascade-short") + log("overfits"))
    show_net(stand, (NETS / "shortcut.net").read_text())
    expect(chart(stand)).to_be_visible()
    assert stand.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        json.loads(stand.evaluate("JSON.stringify(document.querySelector('canvas').width)")) > 200
    )
