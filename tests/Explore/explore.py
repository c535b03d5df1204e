"""explore.py BROWSER SYMEFT.DLL [FOLDER]: opens symeft explore, uses every control at least once, and checks what follows."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from devtools import Browser

BROWSER, PROGRAM, FOLDER = sys.argv[1], sys.argv[2], (sys.argv[3:] or [""])[0]
START = ["--activation", "tanh(x)", "--kernel", "[[2, 0.6], [0.6, 2]]", "--depth", "40", "--step", "0.2", "--width", "16", "--samples", "6000", "--record", "5", "--estimator", "plain"]


def check(holds, what):
    if not holds:
        raise AssertionError(what)
    print("ok:", what, flush=True)


def solve(flags):
    return json.loads(subprocess.run(["dotnet", PROGRAM, "solve", *flags, "--format", "json"], check=True, capture_output=True, text=True).stdout)


class Page:
    def __init__(self, browser):
        self.browser = browser

    def text(self, name):
        return self.browser.evaluate(f"document.getElementById({json.dumps(name)}).textContent")

    def settled(self):
        self.browser.wait("document.body.dataset.state === 'done' || document.body.dataset.state === 'failed'")
        state = self.browser.evaluate("document.body.dataset.state")
        if state == "failed":
            print("   ", self.text("error"), flush=True)
        return state

    def begin(self):
        self.browser.evaluate("document.body.dataset.state = 'changing'")

    def type(self, name, value):
        """Focuses a field, selects what is in it, and types as a keyboard does."""
        self.begin()
        self.browser.evaluate(f"(() => {{ const field = document.getElementById({json.dumps(name)}); field.focus(); field.select(); }})()")
        self.browser.call("Input.insertText", text=value)
        return self.settled()

    def choose(self, name, value):
        self.begin()
        self.browser.evaluate(f"(() => {{ const field = document.getElementById({json.dumps(name)}); field.value = {json.dumps(value)}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()")
        return self.settled()

    def space(self, selector, changes=True):
        """Presses a control with the space bar."""
        if changes:
            self.begin()
        self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.browser.key(" ", "Space", 32, " ")


def value(summary, name):
    return float(re.search(re.escape(name) + r" = (-?\d+(?:\.\d+)?(?:E[+-]?\d+)?)", summary)[1])


def use(browser, address):
    page = Page(browser)
    browser.size(1280, 900)
    browser.call("Page.navigate", url=address)
    browser.wait("document.body && document.body.dataset.state !== undefined")
    check(page.settled() == "done", "the page opens, solves, compares and simulates")
    check("6,000 networks" in page.text("status") and page.text("status").startswith("Simulation finished"), "the simulation is streamed to its end")
    check(browser.evaluate("document.querySelectorAll('#charts svg').length") >= 6, "curves are drawn")
    check(browser.evaluate("document.querySelectorAll('#charts svg :is(circle, ellipse)').length") > 10, "with points of the simulation")
    check(browser.evaluate("document.querySelectorAll('#equations math').length") >= 3, "equations are shown")
    check(browser.evaluate("document.querySelectorAll('#diagrams figure svg').length") >= 2, "diagrams are shown")
    check(browser.evaluate("document.querySelectorAll('#finite svg').length") >= 2 and "to order 1" in page.text("finite-text") and "simulated" in page.text("finite-text"), "the orders in 1/n at the width stand beside the simulation")
    check("sigma-kernel" in page.text("windows") and "no transport" in page.text("budget"), "windows and budget are shown")
    check(browser.evaluate("[...document.querySelectorAll('input:not([type=hidden]), select, textarea, progress')].every(field => field.labels.length > 0 || field.ariaLabel)"), "every control has a label")
    if FOLDER:
        picture(browser, "start")

    # Numbers beside those of the command line, for one control after another.
    page.space("#simulate")
    check(page.settled() == "done" and browser.evaluate("document.getElementById('simulation').hidden"), "the simulation can be switched off")
    flags = dict(zip(START[::2], START[1::2]))
    for name, text in [("activation", "erf(x)"), ("weight-variance", "1.5"), ("bias-variance", "0.25"), ("skip", "0.9"), ("step", "0.3"), ("depth", "30"), ("width", "24"), ("kernel", "[[1.5]]"), ("closure", "hermite(4)"), ("quadrature", "certified"), ("record", "4"), ("seed", "5"), ("samples", "3000"), ("name", "mine")]:
        flags["--" + name] = text
        check(page.type(name, text) == "done", f"{name} can be typed")
    summary, expected = page.text("status"), solve([part for flag in flags.items() for part in flag])
    for name, number in (("K0_00", expected["K0"][-1][0]), ("V4_00,00", expected["V4"][-1][0][0]), ("K1_00", expected["K1"][-1][0])):
        check(abs(value(summary, name) - number) <= 1e-5 * abs(number), f"{name} is that of symeft solve")
    check(page.type("skip", "1") == "done" and page.type("closure", "g-only") == "done", "back at the kernel alone")
    for name in ("continuous", "euler", "discrete"):
        check(page.choose("stepping", name) == "done", f"stepping {name}")
    for name in ("plain", "control-variate", "weights", "uniform-weights", "orthogonal-weights", "plain"):
        check(page.choose("estimator", name) == "done", f"estimator {name}")
    for name in browser.evaluate("[...document.querySelectorAll('[name=compare]')].map(box => box.value)"):
        before = browser.evaluate(f"document.querySelector('[value=\"{name}\"][name=compare]').checked")
        page.space(f"[value=\"{name}\"][name=compare]")
        check(page.settled() == "done" and browser.evaluate(f"document.querySelector('[value=\"{name}\"][name=compare]').checked") != before, f"compared with {name}: {'no' if before else 'yes'}")
    check("hermite(20)" in page.text("windows"), "the tables follow")

    # A closure that takes longer: a quick one at once, under its own name, then the one that was asked for.
    shown = int(browser.evaluate("document.body.dataset.previews ?? '0'"))
    page.type("kernel", "[[1.5, 0.5], [0.5, 1]]")
    page.type("step", "0.05")
    page.type("depth", "300")
    check(page.type("closure", "sigma-kernel") == "done" and page.text("status").startswith("sigma-kernel at layer 300"), "a slow closure is solved")
    check(int(browser.evaluate("document.body.dataset.previews ?? '0'")) > shown, "and a quick one is shown meanwhile")
    page.type("kernel", "[[1.5]]")
    page.type("step", "0.3")
    page.type("depth", "30")
    check(page.type("closure", "g-only") == "done", "back again")

    # Programs of layers: by name, written out, wrong, and back to the flat values.
    for name, text in (("transformer-mlp", "rmsNorm"), ("glu", "gate(gelu)"), ("convnet", "taps -1 0 1"), ("mlp", "gelu dense"), ("resnet", "x 0.25 + phi")):
        check(page.choose("program", name) == "done" and text in page.text("picture"), f"{name} is solved and its block is shown")
        check(browser.evaluate("document.getElementById('flat').hidden"), f"{name} has no flat values")
    check(page.type("layers", "- dense: { weightVariance: 1 }\n- residual: { branch: [activation: gelu, dense: { weightVariance: 2, width: 3 }] }") == "failed", "a wrong layer fails")
    check("layers[1].residual.branch[1].dense has width 3" in page.text("error") and browser.evaluate("document.getElementById('layers').getAttribute('aria-invalid')") == "true", "with its path, at its field")
    check(page.type("layers", "- dense: { weightVariance: 1 }\n- residual: { branch: [activation: gelu, dense: { weightVariance: 2 }] }") == "done" and page.text("status").startswith("g-only at layer 2"), "layers can be written")
    check("Wide enough up to layer 2" in page.text("wide"), "how wide is wide enough is said")
    page.type("kernel", "[[1.5]]")
    check(page.choose("program", "by the values below") == "done" and "tanh" not in page.text("picture") and "erf(x)" in page.text("picture"), "back at the flat values")

    # Something wrong, and its mend.
    check(page.type("depth", "0") == "failed", "a wrong value fails")
    check(page.text("error") == "--depth is 0, which is out of range; use a whole number from 1 to 10000000.", "with the sentence of the command line")
    check(browser.evaluate("document.getElementById('depth').getAttribute('aria-invalid')") == "true", "at its field")
    if FOLDER:
        picture(browser, "wrong")
    check(page.type("depth", "30") == "done" and page.text("error") == "", "and is mended")

    # Copies, and the link in a fresh page.
    for kind, part in (("yaml", "depth: 30"), ("csharp", "class"), ("latex", "\\documentclass"), ("network", "new Network {"), ("symeft", "symeft.solve("), ("link", "depth=30")):
        browser.evaluate("document.getElementById('output').value = ''")
        page.space(f"[data-copy={kind}]", changes=False)
        browser.wait("document.getElementById('output').value !== ''")
        check(part in browser.evaluate("document.getElementById('output').value"), f"copy as {kind}")
    link, seen = browser.evaluate("document.getElementById('output').value"), page.text("status")
    browser.call("Page.navigate", url="about:blank")
    browser.call("Page.navigate", url=link)
    browser.wait("document.body && document.body.dataset.state !== undefined")
    check(page.settled() == "done" and page.text("status") == seen, "the link carries everything")

    # A long simulation, stopped from the keyboard.
    page.type("samples", "1000000")
    page.space("#simulate")
    browser.wait("document.getElementById('counted').textContent !== ''")
    page.space("#stop", changes=False)
    check(page.settled() == "done" and page.text("status").startswith("Simulation stopped."), "the simulation can be stopped")

    knobs(browser, page)
    chart(browser, page)
    setups(browser, page)
    blocks(browser, page)
    phases(browser, page)
    looks(browser, page)

    browser.key("Tab", number=9)
    check(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is seen")
    check(not [each for each in browser.problems if "400 (Bad Request)" not in each], f"no complaint of the browser {browser.problems}")


def knobs(browser, page):
    """Sliders beside the typed values, from the keyboard and as a pointer moves them."""
    page.space("#simulate")
    page.settled()
    page.choose("program", "by the values below")
    for name, value in (("activation", "tanh(x)"), ("weight-variance", "2"), ("bias-variance", "0"), ("skip", "1"), ("step", "0.05"), ("depth", "200"), ("width", "512"), ("kernel", "[[2, 0.6], [0.6, 2]]"), ("closure", "g-only")):
        page.type(name, value)
    for name in ("weight-variance", "bias-variance", "skip", "step", "depth", "width", "size", "correlation"):
        before = browser.evaluate(f"document.getElementById('{name}').value")
        page.begin()
        browser.evaluate(f"document.getElementById('slide-{name}').focus()")
        browser.key("ArrowRight", number=39)
        check(page.settled() == "done", f"the slider of {name} moves from the keyboard")
        check(float(browser.evaluate(f"document.getElementById('{name}').value")) > float(before), f"and {name} is typed, {before} before")
    kernel = json.loads(browser.evaluate("document.getElementById('kernel').value"))
    check(kernel[0][0] > 2 and abs(kernel[0][1] / kernel[0][0] - 0.31) < 1e-4, "size and correlation are written into the kernel")
    page.type("kernel", "[[2, .5], [.5, .5]]")
    check(browser.evaluate("[document.getElementById('size').value, document.getElementById('correlation').value].join()") == "2,0.5", "a kernel that is typed moves the sliders")
    page.type("kernel", "[[2]]")
    check(browser.evaluate("document.getElementById('slide-correlation').disabled"), "one input has no correlation")
    for name, value in (("kernel", "[[2, 0.6], [0.6, 2]]"), ("skip", "1"), ("step", "0.05"), ("depth", "800")):
        page.type(name, value)
    moves = browser.evaluate("""(async () => {
      const slider = document.getElementById('slide-weight-variance'), times = [];
      for (let move = 0; move < 25; move++) {
        const before = document.querySelector('[data-chart=kernel-b] svg'), begin = performance.now();
        slider.value = 1.5 + 0.02 * move;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        while (document.querySelector('[data-chart=kernel-b] svg') === before && performance.now() - begin < 5000) await new Promise(after => setTimeout(after, 1));
        times.push(Math.round(performance.now() - begin));
      }
      return times;
    })()""")
    print("    curves after a move of the slider, in milliseconds:", sorted(moves), "load", os.getloadavg()[0], flush=True)
    # How fast is for the eye to judge and for a quiet machine to say; that each move was followed while the slider moved is not.
    check(max(moves) < 5000, "curves follow every move of the slider")
    check("being" not in page.text("status") and page.settled() == "done", "and everything follows when it rests")


def where(browser, selector):
    browser.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{ block: 'center', behavior: 'instant' }})")
    return json.loads(browser.evaluate(f"""JSON.stringify((() => {{
      const plot = document.querySelector({json.dumps(selector)}), svg = plot.querySelector('svg'), box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
      const [left, top, right, bottom] = svg.dataset.plot.split(' ').map(Number);
      return {{ left: box.x + scale * left, top: box.y + scale * top, right: box.x + scale * right, bottom: box.y + scale * bottom, limits: svg.dataset.limits.split(' ').map(Number) }};
    }})())"""))


def mouse(browser, kind, x, y, **more):
    browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)


def click(browser, selector):
    browser.evaluate(f"document.querySelector({json.dumps(selector)}).click()")


def looked(browser, act):
    before = int(browser.evaluate("document.body.dataset.looks ?? '0'"))
    act()
    browser.wait(f"Number(document.body.dataset.looks ?? '0') > {before}")


def chart(browser, page):
    """Crosshair, zoom and downloads."""
    page.type("depth", "100")
    flags = {"--" + name: browser.evaluate(f"document.getElementById('{name}').value") for name in ("activation", "weight-variance", "bias-variance", "skip", "step", "depth", "width", "kernel", "closure")}
    expected = solve([part for flag in flags.items() for part in flag])
    plot = "[data-chart=kernel-b] .plot"
    at = where(browser, plot)
    mouse(browser, "mouseMoved", at["right"] - (at["right"] - at["left"]) * 0.02 / 1.04 + 1, (at["top"] + at["bottom"]) / 2)
    tip = browser.evaluate(f"document.querySelector('{plot} .tip').innerText")
    found = float(re.search(r"g-only: ([-\d.]+)", tip)[1])
    check(abs(found - expected["V4"][-1][0][0]) <= 1e-4 * abs(found), "the crosshair reads the value of symeft solve")
    check(browser.evaluate(f"document.querySelectorAll('{plot} .cross').length") == 2, "and is seen")
    compared = browser.evaluate("[...document.querySelectorAll('[name=compare]:checked')].map(box => box.value)")
    check(len(compared) > 1 and all(name + ": " in tip for name in compared), f"with the closures it is compared with: {', '.join(compared)}")
    if FOLDER:
        browser.view(os.path.join(FOLDER, "crosshair.png"))

    def drag():
        middle = (at["top"] + at["bottom"]) / 2
        mouse(browser, "mousePressed", at["left"] + 20, middle, button="left", clickCount=1)
        mouse(browser, "mouseMoved", (at["left"] + at["right"]) / 2, middle, button="left", buttons=1)
        mouse(browser, "mouseReleased", (at["left"] + at["right"]) / 2, middle, button="left", clickCount=1)

    looked(browser, drag)
    seen = where(browser, plot)["limits"]
    check(seen[1] < 0.6 * at["limits"][1] and seen[0] > at["limits"][0], "dragging over a chart zooms")
    looked(browser, lambda: click(browser, "[data-chart=kernel-b] [data-tool=all]"))
    check(where(browser, plot)["limits"] == at["limits"], "and all is shown again")
    looked(browser, lambda: click(browser, "[data-chart=kernel-b] [data-tool=log]"))
    check(browser.evaluate("document.querySelector('[data-chart=kernel-b] [data-tool=log]').ariaPressed") == "true" and where(browser, plot)["limits"][3] < 5, "an axis can be logarithmic")
    looked(browser, lambda: click(browser, "[data-chart=kernel-b] [data-tool=all]"))

    # From the keyboard, with what is read said.
    browser.evaluate(f"document.querySelector('{plot}').focus()")
    for _ in range(3):
        browser.key("ArrowRight", number=39)
    said = browser.evaluate("document.querySelector('[data-chart=kernel-b] [role=status]').textContent")
    check("g-only: " in said, "arrow keys read a chart aloud")
    looked(browser, lambda: browser.key("+", "Equal", 187, "+"))
    check(where(browser, plot)["limits"][1] < at["limits"][1], "plus zooms")
    looked(browser, lambda: browser.key("0", "Digit0", 48, "0"))

    folder = tempfile.mkdtemp(prefix="symeft-given-")
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder)
    files = {}
    for kind in ("SVG", "PNG", "CSV"):
        click(browser, f"[data-chart=kernel-b] [data-tool={kind}]")
        path = os.path.join(folder, f"kernel-b.{kind.lower()}")
        for _ in range(200):
            if os.path.exists(path) and os.path.getsize(path) > 0:
                break
            time.sleep(0.05)
        with open(path, "rb") as file:
            files[kind] = file.read()
    shutil.rmtree(folder)
    check(files["SVG"].startswith(b"<?xml") and b"</svg>" in files["SVG"], "a figure is given as SVG")
    check(files["PNG"].startswith(b"\x89PNG") and int.from_bytes(files["PNG"][16:20], "big") >= 1320, "and as PNG")
    rows = [line.split(",") for line in files["CSV"].decode().splitlines()]
    check(float([row for row in rows if row[0] == "g-only"][-1][2]) == expected["V4"][-1][0][0], "and its data as CSV, with every digit")


Parts = ("curves", "windows", "equations", "diagrams", "phase")


def setups(browser, page):
    """Presets, closures of one's own, trust, Back and Forward."""
    names = browser.evaluate("[...document.querySelectorAll('[data-preset]')].map(button => button.textContent)")
    check(names == ["paper", "GELU ResNet", "edge of chaos", "pre-norm transformer block", "ReLU perceptron"], "set-ups have buttons")
    for at, name in enumerate(("paper", "gelu-resnet", "edge-of-chaos", "transformer", "relu-perceptron")):
        page.begin()
        # What is said where may be gone before it could be asked for: the page notes the first of each.
        browser.evaluate("""(parts => {
          window.said = {};
          for (const part of parts)
            new MutationObserver(changes => { for (const node of changes[0].addedNodes) window.said[part] ??= node.textContent; }).observe(document.getElementById('doing-' + part), { childList: true });
        })(""" + json.dumps(Parts) + ")")
        click(browser, f"[data-preset='{at}']")
        browser.evaluate("document.getElementById('simulate').checked = false")
        check(page.settled() == "done" and browser.evaluate("document.getElementById('name').value") == name, f"{names[at]} is one click away")
        said = browser.evaluate("window.said")
        check(all(len(said.get(part, "")) > 10 for part in Parts), f"what was being computed was said: {said}")
        if FOLDER:
            browser.view(os.path.join(FOLDER, f"preset-{name}.png"))
    # ReLU, n = 256: V4 grows by a step a layer.
    expected = solve(["--activation", "relu", "--weight-variance", "2", "--skip", "0", "--step", "1", "--depth", "50", "--width", "256", "--kernel", "[[1, 0.5], [0.5, 1]]"])["wideEnough"]["holdsTo"]
    check(f"trust to layer {expected} (within 0.1)" in browser.evaluate("document.querySelector('[data-chart=kernel-b] svg').textContent"), f"the charts have a line of trust at layer {expected}")
    page.begin()
    browser.evaluate("history.back()")
    check(page.settled() == "done" and browser.evaluate("document.getElementById('name').value") == "transformer", "Back goes back")
    page.begin()
    browser.evaluate("history.forward()")
    check(page.settled() == "done" and browser.evaluate("document.getElementById('name').value") == "relu-perceptron" and page.text("status").startswith("g-only at layer 50"), "Forward goes forward")
    check(page.type("own", "[x*y, x]") == "done" and "[x*y, x]" in page.text("windows") and "%5Bx*y%2C+x%5D" in browser.evaluate("location.hash"), "a list of one's own is compared, and in the link")
    page.type("own", "")


def blocks(browser, page):
    """Layers added, changed and removed in the picture of the block."""
    def change(expression):
        page.begin()
        browser.evaluate(expression)
        return page.settled()

    def layers():
        return browser.evaluate("document.getElementById('layers').value")

    check(browser.evaluate("document.querySelectorAll('#block .box').length") == 3, "a flat network is drawn as its block")
    page.choose("program", "transformer-mlp")
    check(browser.evaluate("[...document.querySelectorAll('#block .box')].map(box => box.className.split(' ')[1]).join(' ')") == "repeat residual rmsNorm dense activation dense", "a program is drawn as boxes")
    add = "(select => { select.value = 'dropout'; select.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector('[data-box=\"layers[0].repeat.of[0].residual.branch+3\"]'))"
    check(change(add) == "done" and "dropout" in layers() and "dropout" in page.text("picture"), "a layer is added")
    setting = "(field => { field.value = '0.5'; field.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector('[data-box=\"layers[0].repeat.of[0].residual.branch[3].dropout.keep\"]'))"
    check(change(setting) == "done" and "keep: 0.5" in layers(), "its value is set")
    if FOLDER:
        browser.evaluate("document.getElementById('h-network').scrollIntoView({ behavior: 'instant' })")
        browser.view(os.path.join(FOLDER, "block.png"))
    check(change("document.querySelector('[data-box=\"layers[0].repeat.of[0].residual.branch[3]-\"]').click()") == "done" and "dropout" not in layers(), "it is removed")
    check(browser.evaluate("document.getElementById('program').value") == "transformer-mlp", "and the program is what it was")
    check(change("document.querySelector('[data-box=\"layers[0]-\"]').click()") == "failed" and page.text("error") != "", "no layer at all is refused")
    refill = "(select => { select.value = 'repeat'; select.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector('[data-box=\"layers+0\"]'))"
    check(change(refill) == "done" and "gelu" in page.text("picture"), "and mended by hand")


def phases(browser, page):
    """The map over C_W and C_b."""
    click(browser, "[data-preset='2']")
    browser.evaluate("document.getElementById('simulate').checked = false; document.getElementById('phase-section').scrollIntoView({ behavior: 'instant' })")
    page.begin()
    page.type("width", "500")
    browser.wait("document.querySelector('#map svg') && document.getElementById('doing-phase').textContent === ''", 60)
    check("the edge of chaos" in page.text("here") and "K* = 0.5," in page.text("here"), "the critical point of erf is known to be one")
    check("Line: the edge of chaos" in page.text("phase-caption") and browser.evaluate("document.querySelectorAll('#map .here').length") == 1, "the map has the critical line, and the network's place")
    check(browser.evaluate("document.querySelectorAll('#trust .drawing svg').length") == 1, "how deep the width carries on the line is drawn")
    if FOLDER:
        browser.view(os.path.join(FOLDER, "phase.png"))
    at = where(browser, "#map .plot")
    x, y = at["left"] + 0.75 * (at["right"] - at["left"]), at["top"] + 0.5 * (at["bottom"] - at["top"])
    page.begin()
    mouse(browser, "mousePressed", x, y, button="left", clickCount=1)
    mouse(browser, "mouseReleased", x, y, button="left", clickCount=1)
    check(page.settled() == "done" and 3.5 < float(browser.evaluate("document.getElementById('weight-variance').value")) < 4.1 and 0.27 < float(browser.evaluate("document.getElementById('bias-variance').value")) < 0.33, "a click on the map sets C_W and C_b")
    browser.wait("document.getElementById('doing-phase').textContent === '' && document.getElementById('here').textContent.includes('chaos')", 60)
    check("(chaos)" in page.text("here"), "in chaos")
    page.begin()
    browser.evaluate("document.querySelector('#map .plot').focus()")
    for _ in range(4):
        browser.key("ArrowLeft", number=37)
    browser.key("Enter", number=13, text="\r")
    check(page.settled() == "done" and float(browser.evaluate("document.getElementById('weight-variance').value")) < 3, "and so do the arrow keys and Enter")
    browser.evaluate("document.querySelector('#map [data-tool=in]').click()")
    browser.wait(f"document.getElementById('doing-phase').textContent === '' && document.querySelector('#map svg').textContent !== {json.dumps(browser.evaluate('document.querySelector(`#map svg`).textContent'))}", 60)
    print("ok: the map zooms", flush=True)
    for name in browser.evaluate("[...document.getElementById('quantity').options].map(option => option.value)"):
        browser.evaluate(f"(field => {{ field.value = {json.dumps(name)}; field.dispatchEvent(new Event('change')); }})(document.getElementById('quantity'))")
        check(browser.evaluate("document.querySelector('#map .plot').ariaLabel").startswith(name), f"the map shows the {name}")


def looks(browser, page):
    """Dark, and narrow."""
    click(browser, "[data-preset='4']")
    page.begin()
    page.type("width", "300")
    browser.evaluate("scrollTo(0, 0)")
    if FOLDER:
        browser.size(1400, 900)
        picture(browser, "wide")
    browser.size(420, 850)
    check(browser.evaluate("document.documentElement.scrollWidth") <= 420, "nothing is wider than a page of 420 pixels")
    browser.evaluate("document.querySelector('[data-chart=kernel-b]').scrollIntoView({ block: 'start', behavior: 'instant' })")
    shares = browser.evaluate("(() => { const chart = document.querySelector('[data-chart=kernel-b] svg').getBoundingClientRect(), form = document.getElementById('form').getBoundingClientRect(); return [chart.top, chart.bottom, form.top, form.bottom]; })()")
    check(shares[0] >= -1 and shares[1] <= shares[2] and shares[3] <= 851, f"a chart and the controls share the screen {shares}")
    if FOLDER:
        browser.view(os.path.join(FOLDER, "narrow.png"))
    click(browser, "#fold")
    check(browser.evaluate("document.getElementById('controls').offsetHeight") == 0 and browser.evaluate("document.getElementById('form').getBoundingClientRect().height") < 60, "the controls can be put away")
    click(browser, "#fold")
    browser.size(1280, 900)
    light = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    check(browser.evaluate("getComputedStyle(document.body).backgroundColor") != light and browser.evaluate("getComputedStyle(document.querySelector('#charts svg')).filter") != "none", "dark where it is asked for, charts too")
    if FOLDER:
        picture(browser, "dark")
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])


def picture(browser, name):
    os.makedirs(FOLDER, exist_ok=True)
    browser.screenshot(os.path.join(FOLDER, name + ".png"))


def main():
    server = subprocess.Popen(["dotnet", PROGRAM, "explore", *START], stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()
        check(re.fullmatch(r"http://127\.0\.0\.1:\d+/", address), "the address is printed")
        browser = Browser(BROWSER)
        try:
            use(browser, address)
        finally:
            browser.close()
        server.send_signal(signal.SIGINT)
        check(server.wait(20) in (0, 130) and server.stdout.read() == "", "Ctrl-C ends it, and nothing else was printed")
    finally:
        if server.poll() is None:
            server.kill()


main()
