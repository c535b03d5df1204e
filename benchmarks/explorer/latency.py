"""latency.py SYMEFT.DLL [BROWSER]: how long after a change of C_W the explorer's curves follow, in a headless Chromium.

Each row: closure, K(0), then medians of nine changes in ms: first curves in the page, painted, curves of the chosen closure, everything (tables of
closures too). The depth is 800 layers, the depth time 2.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "Explore"))
from devtools import Browser  # noqa: E402

PROGRAM = sys.argv[1]
BROWSER = sys.argv[2] if len(sys.argv) > 2 else shutil.which("chromium") or "chromium"
CHANGE = """new Promise(answer => {
  const field = document.getElementById("weight-variance"), begin = performance.now(), since = () => performance.now() - begin;
  let first = 0, painted = 0, chosen = 0;
  const charts = new MutationObserver(() => {
    if (first) return;
    first = since();
    requestAnimationFrame(() => requestAnimationFrame(() => painted = since()));
  });
  const states = new MutationObserver(() => {
    const state = document.body.dataset.state;
    if (!chosen && (state === "solved" || state === "closures")) chosen = since();
    if (state !== "done") return;
    const all = since();
    charts.disconnect();
    states.disconnect();
    setTimeout(() => answer([first, painted, chosen, all]), 60);
  });
  charts.observe(document.getElementById("charts"), { childList: true });
  states.observe(document.body, { attributes: true, attributeFilter: ["data-state"] });
  field.value = "WEIGHT";
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def measure(closure, kernel):
    flags = ["--activation", "tanh(x)", "--kernel", kernel, "--depth", "800", "--step", "0.05", "--closure", closure, "--samples", "2000"]
    server = subprocess.Popen(["dotnet", PROGRAM, "explore", *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    browser = Browser(BROWSER)
    try:
        browser.size(1280, 900)
        browser.call("Page.navigate", url=server.stdout.readline().strip())
        browser.wait("document.body && document.body.dataset.state === 'done'", 180)
        browser.evaluate("document.getElementById('simulate').click()")
        browser.wait("document.body.dataset.state === 'done'", 180)
        rows = [browser.evaluate(CHANGE.replace("WEIGHT", str(1.5 + 0.05 * change))) for change in range(9)]
        print(closure, kernel, *(round(statistics.median(column)) for column in zip(*rows)), flush=True)
    finally:
        browser.close()
        server.kill()
        server.wait()


for closure in ("g-only", "hermite(20)", "sigma-kernel"):
    for kernel in ("[[2]]", "[[2, 0.6], [0.6, 2]]"):
        measure(closure, kernel)
