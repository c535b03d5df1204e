// What the program draws as SVG answers the pointer and the keyboard here: a crosshair with the values under it, zoom, and the figure and its data as files.
// A picture says where its data are (data-plot, in units of its view box) and what their edges stand for (data-limits, logarithms where an axis has them).

const at = id => document.getElementById(id);
// As the browser itself names it.
const SvgSpace = new DOMParser().parseFromString("<svg></svg>", "text/html").body.firstChild.namespaceURI;
const make = (name, properties = {}, ...children) => {
  const element = document.createElement(name);
  Object.assign(element, properties);
  element.append(...children);
  return element;
};
const shape = (name, attributes) => {
  const element = document.createElementNS(SvgSpace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const digits = value => Number.isFinite(value) ? String(Number(value.toPrecision(5))) : "none";

// What is looked at in each chart; it goes with every request, so that axes hold still while curves move.
const views = {};

class Picture {
  // Told of: view changed; place chosen on a map.
  constructor(changed, chosen) {
    [this.changed, this.chosen] = [changed, chosen];
    this.drawing = make("div", { className: "drawing" });
    this.overlay = shape("svg", { class: "overlay", "aria-hidden": "true" });
    this.tip = make("div", { className: "tip", hidden: true });
    this.spoken = make("p", { className: "unseen" });
    this.spoken.setAttribute("role", "status");
    this.plot = make("div", { className: "plot", tabIndex: 0 }, this.drawing, this.overlay, this.tip);
    this.plot.setAttribute("role", "group");
    this.plot.setAttribute("aria-roledescription", chosen ? "map" : "chart");
    this.tools = make("div", { className: "tools" });
    this.tools.setAttribute("role", "group");
    this.root = make("div", { className: "chart" }, this.plot, this.tools, this.spoken);
    const tool = (text, title, act) => {
      const button = make("button", { type: "button", textContent: text, title });
      button.setAttribute("aria-label", title);
      button.addEventListener("click", act);
      this.tools.append(button);
      return button;
    };
    tool("+", "Zoom in", () => this.zoom(0.5)).dataset.tool = "in";
    tool("\u2212", "Zoom out", () => this.zoom(2)).dataset.tool = "out";
    tool("all", "Show all of it", () => this.view(null)).dataset.tool = "all";
    if (!chosen) {
      this.log = tool("log", "Vertical axis as log", () => this.view({ log: !this.data.logY, y: undefined }));
      this.log.dataset.tool = "log";
    }
    for (const kind of ["SVG", "PNG", "CSV"]) tool(kind, `Download the ${kind === "CSV" ? "data" : "figure"} as ${kind}`, () => this.save(kind)).dataset.tool = kind;
    this.plot.addEventListener("pointermove", event => this.move(event));
    this.plot.addEventListener("pointerleave", () => { if (!this.from) this.point(null); });
    this.plot.addEventListener("pointerdown", event => { if (event.button === 0) this.from = { ...this.place(event), touch: event.pointerType === "touch" }; });
    this.plot.addEventListener("pointerup", event => this.release(event));
    this.plot.addEventListener("pointercancel", () => { this.from = null; this.mark(); });
    this.plot.addEventListener("dblclick", () => this.view(null));
    this.plot.addEventListener("keydown", event => this.key(event));
    this.plot.addEventListener("blur", () => this.point(null));
  }

  show(svg, data) {
    // Not drawn where it is not on the screen.
    this.root.classList.toggle("stale", svg === "");
    if (svg === "") return;
    if (this.svg !== svg) this.drawing.innerHTML = this.svg = svg;
    this.data = data;
    const drawn = this.drawing.firstElementChild;
    this.overlay.setAttribute("viewBox", drawn.getAttribute("viewBox"));
    [this.left, this.top, this.right, this.bottom] = drawn.dataset.plot.split(" ").map(Number);
    [this.x0, this.x1, this.y0, this.y1] = drawn.dataset.limits.split(" ").map(Number);
    this.width = Number(drawn.getAttribute("viewBox").split(" ")[2]);
    this.root.dataset.chart = data.id;
    this.plot.setAttribute("aria-label", data.title + (this.chosen
      ? ". Arrow keys move over it, Enter takes the place that is read, plus and minus zoom, 0 shows all."
      : ". Arrow keys read values, plus and minus zoom, 0 shows all, l makes the vertical axis logarithmic."));
    this.tools.setAttribute("aria-label", data.title);
    this.log?.setAttribute("aria-pressed", String(data.logY));
    this.mark();
  }

  // From a pointer to units of the view box, and from these to values and back.
  place(event) {
    const box = this.drawing.getBoundingClientRect(), scale = this.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }
  value(place) {
    const x = this.x0 + (place.x - this.left) / (this.right - this.left) * (this.x1 - this.x0);
    const y = this.y0 + (this.bottom - place.y) / (this.bottom - this.top) * (this.y1 - this.y0);
    return this.data.columns ? { x: along(this.data.columns, x), y: along(this.data.rows, y) } : { x: this.data.logX ? 10 ** x : x, y: this.data.logY ? 10 ** y : y };
  }
  where(x, y) {
    const px = this.data.columns ? index(this.data.columns, x) : this.data.logX ? Math.log10(x) : x, py = this.data.rows ? index(this.data.rows, y) : this.data.logY ? Math.log10(y) : y;
    return { x: this.left + (px - this.x0) / (this.x1 - this.x0) * (this.right - this.left), y: this.bottom - (py - this.y0) / (this.y1 - this.y0) * (this.bottom - this.top) };
  }
  inside(place) { return place.x >= this.left && place.x <= this.right && place.y >= this.top && place.y <= this.bottom; }

  move(event) {
    const place = this.place(event);
    if (this.from && !this.from.touch) this.to = { x: Math.min(Math.max(place.x, this.left), this.right), y: Math.min(Math.max(place.y, this.top), this.bottom) };
    this.point(this.inside(place) ? this.value(place) : null);
  }
  release(event) {
    const from = this.from, to = this.to, here = this.place(event);
    this.from = this.to = null;
    if (from && to && this.inside(from) && Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) > 6) {
      const a = this.value(from), b = this.value(to), range = (u, v) => [Math.min(u, v), Math.max(u, v)];
      // A band is a range of one axis.
      const next = {};
      if (Math.abs(to.x - from.x) > 6) next.x = range(a.x, b.x);
      if (Math.abs(to.y - from.y) > 6) next.y = range(a.y, b.y);
      this.view(next);
    } else if (from && this.chosen && this.inside(here)) {
      this.chosen(this.value(here));
    }
    this.mark();
  }
  key(event) {
    if (!this.data) return;
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (step && !event.ctrlKey && !event.altKey && (this.data.columns || step[0])) this.walk(...step);
    else if (event.key === "Home" || event.key === "End") this.walk(event.key === "Home" ? -1e9 : 1e9, 0);
    else if (event.key === "+" || event.key === "=") this.zoom(0.5);
    else if (event.key === "-") this.zoom(2);
    else if (event.key === "0") this.view(null);
    else if (event.key === "l" && this.log) this.log.click();
    else if (event.key === "Enter" && this.chosen && this.pointed) this.chosen(this.pointed);
    else if (event.key === "Escape") this.point(null);
    else return;
    event.preventDefault();
  }
  // From value to value, as they are recorded.
  walk(across, up) {
    const middle = this.pointed ?? this.value({ x: this.left, y: (this.top + this.bottom) / 2 });
    const next = (list, value, by) => list[Math.min(Math.max(nearest(list, value) + by, 0), list.length - 1)];
    if (this.data.columns) this.point({ x: next(this.data.columns, middle.x, across), y: next(this.data.rows, middle.y, up) });
    else {
      const shown = this.data.series.filter(series => series.kind === "line").flatMap(series => series.x).concat(this.data.series.filter(series => series.kind === "points").flatMap(series => series.x));
      const places = [...new Set(shown)].sort((a, b) => a - b).filter(x => { const px = this.where(x, 1).x; return px >= this.left - 0.5 && px <= this.right + 0.5; });
      if (places.length === 0) return;
      // A twentieth of what is seen at a time where there are many.
      const stride = Math.max(1, Math.round(places.length / 40));
      this.point({ x: this.pointed ? next(places, middle.x, across * stride) : places[0], y: middle.y });
    }
    this.spoken.textContent = this.tip.textContent;
  }

  point(value) {
    this.pointed = value;
    this.mark();
  }
  // The crosshair, what is under it, and the part that is being chosen.
  mark() {
    const parts = [], lines = [];
    if (this.here) {
      const place = this.where(...this.here);
      if (this.inside(place)) parts.push(shape("circle", { class: "here", cx: place.x, cy: place.y, r: 6 }));
    }
    if (this.from && this.to) {
      const [wide, high] = [Math.abs(this.to.x - this.from.x), Math.abs(this.to.y - this.from.y)];
      parts.push(shape("rect", {
        class: "band", x: wide > 6 ? Math.min(this.from.x, this.to.x) : this.left, y: high > 6 ? Math.min(this.from.y, this.to.y) : this.top,
        width: wide > 6 ? wide : this.right - this.left, height: high > 6 ? high : this.bottom - this.top,
      }));
    } else if (this.pointed && this.data) {
      const place = this.where(this.pointed.x, this.pointed.y);
      const cross = (x, y) => parts.push(shape("line", { class: "cross", x1: x, x2: x, y1: this.top, y2: this.bottom }), ...(y >= this.top && y <= this.bottom ? [shape("line", { class: "cross", x1: this.left, x2: this.right, y1: y, y2: y })] : []));
      if (this.data.columns) {
        const column = nearest(this.data.columns, this.pointed.x), row = nearest(this.data.rows, this.pointed.y), found = this.data.values[row][column];
        cross(place.x, place.y);
        lines.push(["", this.data.x + " = " + digits(this.pointed.x)], ["", this.data.y + " = " + digits(this.pointed.y)], ["", this.data.title + ": " + digits(found ?? NaN)]);
      } else {
        const all = this.data.series.filter(series => series.kind === "line" && series.label && series.x.length > 2).flatMap(series => series.x);
        const x = all.length ? all[nearest(all, this.pointed.x)] : this.pointed.x, px = this.where(x, 1).x;
        cross(px, place.y);
        lines.push(["", this.data.x + ": " + digits(x)]);
        for (const series of this.data.series) {
          const i = nearest(series.x, x);
          if (!series.label || series.kind === "band" || i < 0) continue;
          const away = Math.abs(this.where(series.x[i], 1).x - px);
          if (series.kind === "mark") { if (away < 4) lines.push([series.colour, series.label]); continue; }
          if (series.kind === "points" && away > 6) continue;
          // A line is read where it is drawn, straight between its points.
          const exact = series.kind === "points" || series.x[i] === x, y = exact ? series.y[i] : this.between(series, x);
          if (!Number.isFinite(y)) continue;
          const error = exact && series.error?.[i], spot = this.where(exact ? series.x[i] : x, y);
          lines.push([series.colour, series.label + (exact ? ": " : ": \u2248 ") + digits(y) + (error ? " \u00b1 " + digits(error) : "")]);
          if (this.inside(spot)) parts.push(shape("circle", { class: "spot", cx: spot.x, cy: spot.y, r: 3.5, fill: series.colour }));
        }
      }
    }
    this.overlay.replaceChildren(...parts);
    this.tip.hidden = lines.length === 0;
    if (lines.length === 0) return;
    this.tip.replaceChildren(...lines.map(([colour, text]) => {
      const line = make("div", { textContent: text });
      if (colour) line.style.borderLeftColor = colour;
      else line.className = "head";
      return line;
    }));
    // On the side where there is more room.
    const share = (this.where(this.pointed.x, 1).x) / this.width;
    this.tip.style.left = share < 0.5 ? `calc(${100 * share}% + .7rem)` : "auto";
    this.tip.style.right = share < 0.5 ? "auto" : `calc(${100 * (1 - share)}% + .7rem)`;
  }

  between(series, x) {
    const i = series.x.findIndex((each, at) => each <= x && series.x[at + 1] >= x);
    if (i < 0 || series.y[i] === null || series.y[i + 1] === null) return NaN;
    const share = (x - series.x[i]) / (series.x[i + 1] - series.x[i]), on = value => this.data.logY ? Math.log(value) : value, y = on(series.y[i]) + share * (on(series.y[i + 1]) - on(series.y[i]));
    return this.data.logY ? Math.exp(y) : y;
  }

  zoom(factor) {
    const about = (low, high, value, logarithmic) => {
      const [a, b, c] = logarithmic ? [low, high, Math.log10(value)] : [low, high, value], half = factor * (b - a) / 2;
      const centre = c >= a && c <= b ? c : (a + b) / 2;
      return logarithmic ? [10 ** (centre - half), 10 ** (centre + half)] : [centre - half, centre + half];
    };
    if (this.data.columns) {
      const ends = list => [list[0], list[list.length - 1]], [x, y] = [ends(this.data.columns), ends(this.data.rows)];
      const clip = range => [Math.max(0, range[0]), range[1]];
      this.view({ x: clip(about(...x, this.pointed?.x ?? NaN)), y: clip(about(...y, this.pointed?.y ?? NaN)) });
    } else this.view({ x: about(this.x0, this.x1, this.pointed?.x ?? NaN, this.data.logX) });
  }
  view(change) {
    // All maps are of one grid.
    const name = this.data.columns ? "phase" : this.data.id, next = change === null ? {} : { ...views[name], ...change };
    for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key];
    if (Object.keys(next).length === 0) delete views[name];
    else views[name] = next;
    [this.from, this.to] = [null, null];
    this.changed();
  }

  async save(kind) {
    const name = this.data.id, drawn = this.drawing.firstElementChild.cloneNode(true), [, , width, height] = drawn.getAttribute("viewBox").split(" ").map(Number);
    drawn.setAttribute("width", width);
    drawn.setAttribute("height", height);
    const svg = '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(drawn);
    if (kind === "SVG") give(name + ".svg", new Blob([svg], { type: "image/svg+xml" }));
    else if (kind === "CSV") give(name + ".csv", new Blob([table(this.data)], { type: "text/csv" }));
    else {
      const image = new Image(), canvas = make("canvas", { width: 3 * width, height: 3 * height });
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
      await image.decode();
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => give(name + ".png", blob));
    }
  }
}

// Of an ascending list, the place of the value nearest to one, or of any list.
function nearest(list, value) {
  let best = -1, distance = Infinity;
  for (let i = 0; i < list.length; i++) if (Math.abs(list[i] - value) < distance) [best, distance] = [i, Math.abs(list[i] - value)];
  return best;
}
// Columns of a map are numbered from 0; their values are evenly spaced.
const along = (list, place) => list[0] + place * (list[list.length - 1] - list[0]) / (list.length - 1);
const index = (list, value) => (value - list[0]) / (list[list.length - 1] - list[0]) * (list.length - 1);

function table(data) {
  const quote = text => /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text, rows = [];
  if (data.columns) {
    rows.push([data.x, data.y, data.title]);
    data.rows.forEach((y, row) => data.columns.forEach((x, column) => rows.push([x, y, data.values[row][column] ?? ""])));
  } else {
    rows.push(["series", data.x, data.y, "error"]);
    for (const series of data.series) series.x.forEach((x, i) => rows.push([series.label || series.kind, x, series.y?.[i] ?? "", series.error?.[i] ?? ""]));
  }
  return rows.map(row => row.map(value => quote(String(value))).join(",")).join("\n") + "\n";
}
function give(name, blob) {
  document.body.dataset.given = name + " " + blob.size;
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Figures in a place of the page: charts that were there stay, with their crosshair, and show the new curves.
class Figures {
  constructor(holder, changed) { [this.holder, this.changed, this.known] = [holder, changed, new Map()]; }
  // The charts on the screen.
  seen() {
    return [...this.known].filter(([, picture]) => { const box = picture.root.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; }).map(([id]) => id);
  }
  show(figures) {
    const layout = JSON.stringify(figures.map(figure => [figure.title, figure.panelsData.map(data => data.id)]));
    const picture = data => this.known.get(data.id) ?? this.known.set(data.id, new Picture(this.changed)).get(data.id);
    if (layout !== this.layout) {
      this.layout = layout;
      this.holder.replaceChildren(...figures.flatMap(figure => {
        const panels = make("div", { className: "panels" }, ...figure.panelsData.map(data => picture(data).root));
        return figure.title ? [make("h3", { innerHTML: figure.title }), panels] : [panels];
      }));
    }
    for (const figure of figures) figure.panelsData.forEach((data, i) => picture(data).show(figure.panels[i], data));
  }
}
