// What is chosen, what is asked for, and where the answers are shown. While a slider moves the curves alone are asked for, one question at a time and always the newest;
// when it rests, everything. What is outdated is cancelled.

const form = at("form"), initial = JSON.parse(at("values").textContent), names = Object.keys(initial), presets = JSON.parse(at("presets").textContent);
// Short enough not to be felt, long enough for a pasted value to arrive whole; and how long a slider rests before the slow parts begin.
const Pause = 10, Rest = 300;
// Tens of milliseconds whatever else is chosen; for others a quick closure is shown meanwhile.
const Quick = /^\s*(g-only|g-connected|hermite\([1-4]\))\s*$/;
const Parts = ["equations", "steps", "diagrams", "finite", "finite-text", "numbers", "windows", "budget", "deviations"];
const shown = {}, charts = new Figures(at("charts"), () => look()), deviations = new Figures(at("deviations"), () => look()), orders = new Figures(at("finite"), () => finite(read()));
let running = null, dragging = null, timer = 0, layersNow = "";

// What is chosen, and the link that carries it: everything behind #.
const own = () => at("own").value.split(";").map(text => text.trim()).filter(text => text);
const read = () => ({
  values: Object.fromEntries(names.map(name => [name, form.elements[name].value])),
  compare: [...[...form.querySelectorAll("[name=compare]:checked")].map(box => box.value), ...own()],
  views,
});
function fragment() {
  const { values, compare } = read(), all = new URLSearchParams(values);
  all.set("compare", compare.join(";"));
  all.set("simulate", at("simulate").checked ? "1" : "0");
  return "#" + all;
}
function load() {
  const all = new URLSearchParams(location.hash.slice(1));
  for (const name of names) form.elements[name].value = all.get(name) ?? initial[name];
  const compare = (all.get("compare") ?? "sigma-kernel;hermite(4)").split(";"), boxes = [...form.querySelectorAll("[name=compare]")];
  for (const box of boxes) box.checked = compare.includes(box.value);
  at("own").value = compare.filter(text => text && !boxes.some(box => box.value === text)).join("; ");
  at("simulate").checked = all.get("simulate") !== "0";
  named();
  turned();
}

// Back and Forward: what follows from one control within a moment is one step.
let stepped = { control: null, time: 0 };
function remember(control) {
  const now = fragment(), time = performance.now();
  if (now === location.hash) return;
  if (location.hash === "" || control === "load" || (control && control === stepped.control && time - stepped.time < 1500)) history.replaceState(null, "", now);
  else history.pushState(null, "", now);
  stepped = { control, time };
}

// The network is that of the flat values where no layers are written; a preset is its layers, written.
const Flat = "by the values below", Own = "written out";
for (const [value, text] of [[Flat, Flat], ...presets.programs.map(preset => [preset.name, preset.name]), [Own, Own]]) at("program").add(new Option(text, value));
function named() {
  const layers = form.elements.layers.value, preset = presets.programs.find(each => each.layers.trim() === layers.trim());
  at("program").value = layers.trim() === "" ? Flat : preset?.name ?? Own;
  at("described").textContent = preset?.description ?? "";
  at("written").hidden = at("program").value === Flat;
  at("flat").hidden = at("formula").hidden = at("program").value !== Flat;
  at("formula").nextSibling.textContent = at("formula").hidden ? "Everything below follows what is chosen here." : ": everything below follows what is chosen here.";
}
function take(program) {
  const preset = presets.programs.find(each => each.name === program), rows = form.elements.kernel.value.split("]").length - 2;
  if (program === Flat) form.elements.layers.value = "";
  else if (preset) form.elements.layers.value = preset.layers;
  else if (form.elements.layers.value.trim() === "") form.elements.layers.value = layersNow || presets.programs[0].layers;
  // Positions for taps to mix.
  if (preset && rows < preset.inputs)
    form.elements.kernel.value = "[" + Array.from({ length: preset.inputs }, (_, a) => "[" + Array.from({ length: preset.inputs }, (_, b) => a === b ? 2 : 0.6).join(", ") + "]").join(", ") + "]";
  named();
  if (program === Own) at("program").value = Own;
}

// Sliders stand beside the typed values, which are the truth: of a range, in even steps, in even ratios (log), or in whole numbers in even ratios.
const Steps = 400, short = value => String(Number(value.toPrecision(4)));
for (const field of form.querySelectorAll("[data-slider]")) {
  const [low, high, kind] = field.dataset.slider.split(" "), [a, b] = [Number(low), Number(high)], even = kind !== "log" && kind !== "whole";
  const slider = field.slider = make("input", { type: "range", id: "slide-" + field.id, min: even ? a : 0, max: even ? b : Steps, step: even ? kind : 1 });
  slider.get = () => even ? short(Number(slider.value)) : (value => kind === "whole" ? String(Math.round(value)) : short(Number(value.toPrecision(3))))(a * (b / a) ** (slider.value / Steps));
  slider.set = value => {
    slider.disabled = !Number.isFinite(value);
    if (!slider.disabled) slider.value = even ? value : Steps * Math.log(Math.max(value, a) / a) / Math.log(b / a);
    slider.setAttribute("aria-valuetext", field.value);
  };
  field.before(make("label", { className: "unseen", htmlFor: slider.id, textContent: field.dataset.said + ", slider" }), slider);
  slider.addEventListener("input", event => {
    event.stopPropagation();
    field.value = slider.get();
    if (!field.name) reshape(field);
    turned(field);
    drag(field.id);
  });
}
function turned(except) {
  const kernel = matrix();
  for (const [name, value] of [["size", kernel?.[0][0]], ["correlation", kernel?.length > 1 ? kernel[0][1] / Math.sqrt(kernel[0][0] * kernel[1][1]) : NaN]]) {
    if (at(name) !== except) at(name).value = Number.isFinite(value) ? short(value) : "";
    at(name).disabled = !Number.isFinite(value);
    at(name).title = at(name).disabled ? (name === "size" ? "K(0) below is no matrix of numbers" : "There is one input; write a second row into K(0) below") : "";
  }
  for (const field of form.querySelectorAll("[data-slider]")) field.slider.set(field.value.trim() === "" ? NaN : Number(field.value));
  if (form.elements.layers.value.trim() === "") map.here = [Number(form.elements["weight-variance"].value), Number(form.elements["bias-variance"].value)];
  if (map.data) map.mark();
}
// K(0) as numbers, or null: a number alone, or rows in brackets.
function matrix() {
  try {
    const read = JSON.parse(form.elements.kernel.value.replace(/(^|[^0-9.])\.(\d)/g, "$10.$2")), rows = typeof read === "number" ? [[read]] : read;
    return Array.isArray(rows) && rows.length > 0 && rows.every(row => Array.isArray(row) && row.length === rows.length && row.every(Number.isFinite)) && rows[0][0] > 0 ? rows : null;
  } catch { return null; }
}
// Another size keeps all correlations; another correlation keeps all sizes.
function reshape(field) {
  const kernel = matrix(), value = Number(field.value), tidy = number => Number(number.toPrecision(6));
  if (!kernel || field.value.trim() === "" || !Number.isFinite(value)) return;
  const ratio = value / kernel[0][0];
  const next = kernel.map((row, a) => row.map((entry, b) => tidy(field.id === "size" ? entry * ratio : a === b ? entry : value * Math.sqrt(kernel[a][a] * kernel[b][b]))));
  form.elements.kernel.value = "[" + next.map(row => "[" + row.join(", ") + "]").join(", ") + "]";
}

async function ask(path, request, signal) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request), signal });
  if (answer.ok) return answer;
  throw new Error((await answer.json()).error);
}
const state = name => { document.body.dataset.state = name; };
// What is being computed is said where it will appear.
const doing = sentences => { for (const [name, sentence] of Object.entries(sentences)) at("doing-" + name).textContent = sentence; };
const stale = parts => { for (const part of parts) at(part).classList.add("stale"); };
function put(part, html) {
  if (shown[part] !== html) at(part).innerHTML = shown[part] = html;
  at(part).classList.remove("stale");
}
function draw(answer) {
  charts.show(answer.charts);
  at("charts").classList.remove("stale");
  if (answer.caption) at("caption").innerHTML = answer.caption;
  if (answer.wide) at("wide").innerHTML = answer.wide;
}

function mark(sentence) {
  for (const name of names) { const field = form.elements[name]; field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); }
  at("error").textContent = sentence;
  const flag = /--([a-z-]+)/.exec(sentence)?.[1] ?? (/layers\[/.test(sentence) ? "layers" : /activation/.test(sentence) ? "activation" : "");
  if (!names.includes(flag)) return;
  form.elements[flag].setAttribute("aria-invalid", "true");
  form.elements[flag].setAttribute("aria-describedby", "error");
}
function failed(problem) {
  state("failed");
  doing({ curves: "", finite: "", network: "", phase: "", windows: "", budget: "", equations: "", diagrams: "" });
  at("results").classList.add("stale");
  at("status").textContent = "";
  mark(problem instanceof TypeError && /fetch|network/i.test(problem.message) ? "The program does not answer; it may have been ended. Start symeft explore again." : problem.message);
}
function sound() {
  mark("");
  at("results").classList.remove("stale");
}

// While a slider moves.
async function drag(control) {
  clearTimeout(timer);
  running?.abort();
  state("dragging");
  at("simulation").hidden = true;
  doing({ curves: "", finite: "", phase: "", windows: "Compared again when the slider rests.", budget: "", equations: "" });
  stale(Parts);
  if (dragging) { dragging.again = true; return; }
  const mine = dragging = new AbortController();
  try {
    do {
      mine.again = false;
      const begin = performance.now(), quick = await (await ask("preview", charts.known.size ? { ...read(), drawn: charts.seen() } : read(), mine.signal)).json();
      if (mine.signal.aborted) return;
      sound();
      draw(quick);
      at("status").textContent = quick.summary;
      timed("Curves", begin);
      document.body.dataset.drawn = Number(document.body.dataset.drawn ?? 0) + 1;
    } while (mine.again);
  } catch (problem) {
    if (!mine.signal.aborted) mark(problem.message);
  } finally {
    if (dragging === mine) {
      dragging = null;
      timer = setTimeout(() => follow(control), Rest);
    }
  }
}

// Everything, the quick parts first.
async function follow(control) {
  clearTimeout(timer);
  running?.abort();
  dragging?.abort();
  dragging = null;
  const mine = running = new AbortController(), signal = mine.signal, request = read(), closure = request.values.closure;
  if (control !== "back") remember(control);
  state("theory");
  at("simulation").hidden = true;
  doing({ curves: `${closure} is being solved.`, network: "", finite: "The next order in 1/n is solved when the closures are compared.", windows: "Closures are compared when the curves are there.", budget: "V4 is split by Hermite orders after that.", equations: `The equations of ${closure} are being derived.`, diagrams: "The diagrams come with the equations.", phase: "Fixed points are looked for when the curves are there." });
  try {
    const begin = performance.now();
    const asked = ask("theory", request, signal);
    if (!Quick.test(closure)) preview(request, signal, begin);
    const theory = await (await asked).json();
    if (signal.aborted) return;
    state("solved");
    sound();
    draw(theory);
    for (const part of ["equations", "steps", "diagrams"]) put(part, theory[part]);
    at("status").textContent = theory.summary;
    at("picture").textContent = theory.picture;
    layersNow = theory.layers;
    blocks.show(theory.block);
    timed("Theory", begin);
    state("closures");
    doing({ curves: "", equations: "", diagrams: "", windows: `${[closure, ...request.compare].join(", ")}: compared with the exact leading order.` });
    stale(["finite", "finite-text", "numbers", "windows", "budget", "deviations"]);
    await compare(request, signal);
    await finite(request, signal);
    await Promise.all([seen ? phase(request, signal) : unseen(request, signal), at("simulate").checked ? simulate(request, signal) : null]);
    if (!signal.aborted) state("done");
  } catch (problem) {
    if (!signal.aborted) failed(problem);
  }
}
function timed(what, begin) { at("timing").textContent = what + " in " + Math.round(performance.now() - begin) + " ms."; }
async function preview(request, signal, begin) {
  try {
    const quick = await (await ask("preview", request, signal)).json();
    if (signal.aborted || document.body.dataset.state !== "theory") return;
    sound();
    draw(quick);
    at("status").textContent = quick.summary;
    timed("First curves", begin);
    document.body.dataset.previews = Number(document.body.dataset.previews ?? 0) + 1;
    stale(Parts);
  } catch { /* What is wrong is said where the theory is asked for. */ }
}
async function compare(request, signal) {
  let answer = { numbers: "", windows: "", budget: "", deviations: [], deviationsData: [] };
  at("closures-error").textContent = "";
  try {
    answer = await (await ask("closures", request, signal)).json();
  } catch (problem) {
    if (signal.aborted) return;
    at("closures-error").textContent = "The closures were not compared. " + problem.message;
  }
  if (signal.aborted) return;
  doing({ windows: "", budget: "" });
  put("numbers", answer.numbers);
  put("windows", answer.windows);
  put("budget", answer.budget);
  deviations.show([{ title: "", panels: answer.deviations, panelsData: answer.deviationsData }]);
  at("deviations").classList.remove("stale");
  if (answer.charts) draw(answer);
}
async function simulate(request, signal) {
  state("simulation");
  at("simulation").hidden = false;
  at("progress").value = 0;
  at("counted").textContent = `The first of ${request.values.samples} networks of width ${request.values.width} are being simulated.`;
  const reader = (await ask("simulation", request, signal)).body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) return;
    const lines = (text + value).split("\n");
    text = lines.pop();
    const round = lines.length === 0 ? null : JSON.parse(lines[lines.length - 1]);
    if (!round) continue;
    if (round.error) throw new Error(round.error);
    at("progress").value = round.samples / round.total;
    at("counted").textContent = round.summary;
    document.body.dataset.rounds = round.samples;
    draw(round);
    if (round.last) {
      at("status").textContent = "Simulation finished: " + round.summary;
      at("simulation").hidden = true;
      await finite(request, signal);
    }
  }
}
// What the orders in 1/n say of networks of the width.
async function finite(request, signal) {
  doing({ finite: `The next order in 1/n is being solved, for the first input at width ${request.values.width}.` });
  let answer = { sentences: "", panels: [], panelsData: [] };
  at("finite-error").textContent = "";
  try {
    answer = await (await ask("finite", request, signal)).json();
  } catch (problem) {
    if (signal?.aborted) return;
    at("finite-error").textContent = "The next order is not shown. " + problem.message;
  }
  if (signal?.aborted) return;
  doing({ finite: "" });
  put("finite-text", answer.sentences);
  orders.show([{ title: "", panels: answer.panels, panelsData: answer.panelsData }]);
  at("finite").classList.remove("stale");
}
// What is solved already, as it is looked at.
async function look() {
  try {
    const answer = await (await ask("charts", read())).json();
    draw(answer);
    if (answer.deviationsData.length > 0) deviations.show([{ title: "", panels: answer.deviations, panelsData: answer.deviationsData }]);
    document.body.dataset.looks = Number(document.body.dataset.looks ?? 0) + 1;
  } catch (problem) {
    mark(problem.message);
  }
}

// The map over C_W and C_b; a click takes its place.
let maps = [], dense = "";
const trust = new Figures(at("trust"), () => phase(read()));
const map = new Picture(() => phase(read()), async place => {
  const [weights, biases] = [short(Math.max(0, place.x)), short(Math.max(0, place.y))];
  if (form.elements.layers.value.trim() !== "") {
    for (const [name, text] of [["weightVariance", weights], ["biasVariance", biases]]) if (!await edit({ edit: "set", at: dense, name, text })) return;
    follow("map");
    return;
  }
  form.elements["weight-variance"].value = weights;
  form.elements["bias-variance"].value = biases;
  turned();
  follow("map");
});
at("map").append(map.root);
function showMap() {
  const chosen = maps[at("quantity").selectedIndex];
  if (chosen) map.show(chosen.svg, chosen.data);
}
at("quantity").addEventListener("change", showMap);
// Only where it is looked at: it takes a second or more.
let seen = false, waiting = null;
new IntersectionObserver(entries => {
  seen = entries[entries.length - 1].isIntersecting;
  if (seen && waiting && !waiting.signal.aborted) phase(waiting.request, waiting.signal);
  if (seen) waiting = null;
}, { rootMargin: "200px" }).observe(at("phase-section"));
function unseen(request, signal) {
  waiting = { request, signal };
  doing({ phase: "Fixed points are looked for when this part of the page is seen." });
}
async function phase(request, signal) {
  doing({ phase: "Fixed points over C_W and C_b are being looked for, and how deep the width carries on the critical line." });
  try {
    const answer = await (await ask("phase", request, signal)).json();
    if (signal?.aborted) return;
    at("here").textContent = answer.here;
    at("phase").hidden = answer.maps.length === 0;
    [maps, dense] = [answer.maps, answer.dense];
    if (request.values.layers.trim() !== "") map.here = [Number(answer.weightVariance), Number(answer.biasVariance)];
    const chosen = at("quantity").value;
    at("quantity").replaceChildren(...maps.map(each => new Option(each.data.title)));
    if (maps.some(each => each.data.title === chosen)) at("quantity").value = chosen;
    at("phase-caption").innerHTML = answer.caption + " A click, or Enter, takes <i>C<sub>W</sub></i> and <i>C<sub>b</sub></i>.";
    showMap();
    trust.show([{ title: "", panels: answer.trust, panelsData: answer.trustData }]);
  } catch (problem) {
    if (signal?.aborted) return;
    at("here").textContent = "No fixed point: " + problem.message;
    at("phase").hidden = true;
  }
  doing({ phase: "" });
}

// The block by hand.
async function edit(change) {
  try {
    const answer = await (await ask("layers", { values: read().values, ...change })).json();
    if (answer.layers.trim() === "") throw new Error("A program has at least one layer; add another one first, or choose the values above the layers.");
    form.elements.layers.value = answer.layers;
    named();
    blocks.show(answer.block);
    return true;
  } catch (problem) {
    state("failed");
    mark(problem.message);
    return false;
  }
}
const blocks = new Blocks(at("block"), at("kinds").options, async change => { if (await edit(change)) follow("block"); });

async function copy(kind) {
  let text = location.href;
  try {
    if (kind !== "link") text = (await (await ask("documents/" + kind, read())).json()).text;
  } catch (problem) {
    at("copied").textContent = problem.message;
    return;
  }
  at("output").value = text;
  try {
    await navigator.clipboard.writeText(text);
    at("copied").textContent = "Copied.";
  } catch {
    at("output").select();
    at("copied").textContent = "The browser does not let a page copy; the text is selected below.";
  }
}

const later = control => { clearTimeout(timer); running?.abort(); timer = setTimeout(() => follow(control), Pause); };
form.addEventListener("input", event => {
  if (event.target === at("program")) take(at("program").value);
  else if (event.target === form.elements.layers) named();
  else if (event.target === at("size") || event.target === at("correlation")) reshape(event.target);
  turned(event.target);
  later(event.target.id || event.target.value);
});
form.addEventListener("submit", event => { event.preventDefault(); later("form"); });
for (const button of document.querySelectorAll("[data-preset]")) button.addEventListener("click", () => {
  for (const [name, value] of Object.entries(presets.setups[button.dataset.preset])) form.elements[name].value = value;
  for (const name of Object.keys(views)) delete views[name];
  named();
  turned();
  follow("preset " + button.dataset.preset);
});
at("stop").addEventListener("click", () => {
  if (document.body.dataset.state !== "simulation") return;
  running.abort();
  state("done");
  doing({ phase: "" });
  at("status").textContent = "Simulation stopped. " + at("counted").textContent;
});
at("fold").addEventListener("click", () => at("fold").setAttribute("aria-expanded", String(at("fold").getAttribute("aria-expanded") === "false")));
at("past").addEventListener("click", event => { event.preventDefault(); at("results").focus(); });
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button.dataset.copy));
window.addEventListener("popstate", () => { if (location.hash === fragment()) return; load(); follow("back"); });
load();
follow("load");
