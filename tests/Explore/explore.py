"""explore.py BROWSER SYMEFT.DLL [FOLDER]: opens symeft explore, uses every control at least once, and checks what follows."""

import json
import os
import re
import signal
import subprocess
import sys

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
    check("sigma-kernel" in page.text("windows") and "no transport" in page.text("budget"), "windows and budget are shown")
    check(browser.evaluate("[...document.querySelectorAll('input:not([type=hidden]), select, textarea, progress')].every(field => field.labels.length > 0)"), "every control has a label")
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
    for kind, part in (("yaml", "depth: 30"), ("csharp", "class"), ("latex", "\\documentclass"), ("link", "depth=30")):
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

    browser.key("Tab", number=9)
    check(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is seen")
    browser.size(500, 900)
    check(browser.evaluate("document.documentElement.scrollWidth") <= 500, "nothing is wider than a page of 500 pixels")
    if FOLDER:
        picture(browser, "narrow")
    check(not [each for each in browser.problems if "400 (Bad Request)" not in each], f"no complaint of the browser {browser.problems}")


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
