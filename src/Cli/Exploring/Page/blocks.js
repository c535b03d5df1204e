// The picture of a program of layers: boxes in the order in which the stream meets them, boxes in boxes where layers are made of layers. What is changed here is
// changed in the text of the program, which the program itself reads and writes.

const Symbols = { weightVariance: "<i>C<sub>W</sub></i>", biasVariance: "<i>C<sub>b</sub></i>", width: "width", gain: "gain", epsilon: "\u03b5", keep: "keep", skip: "skip", step: "step", count: "times" };
const Titles = { weightVariance: "weight variance", biasVariance: "bias variance", width: "rows over n", epsilon: "epsilon", skip: "skip alpha", step: "step epsilon", count: "how many times" };

class Blocks {
  // edit: told of a change; kinds: the layers that can be added, as options.
  constructor(holder, kinds, edit) { [this.holder, this.kinds, this.edit] = [holder, kinds, edit]; }

  show(list) {
    const text = JSON.stringify(list);
    if (text === this.shown) return;
    this.shown = text;
    const focused = document.activeElement?.dataset?.box;
    this.holder.replaceChildren(make("div", { className: "stream" }, make("span", { className: "end", textContent: "K(0)" })), this.list(list));
    // The same control of the picture that follows, so that the keyboard can go on.
    if (focused) this.holder.querySelector(`[data-box="${CSS.escape(focused)}"]`)?.focus();
  }

  list({ path, layers }) {
    const items = layers.flatMap((layer, place) => [this.adder(path, place), this.box(layer)]);
    const list = make("div", { className: "list" }, ...items, this.adder(path, layers.length));
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", path === "layers" ? "the layers" : path);
    return list;
  }

  adder(path, place) {
    const choice = make("select", { className: "add", title: "Add a layer here" }, make("option", { value: "", textContent: "+" }), ...[...this.kinds].map(kind => make("option", { value: kind.textContent, textContent: kind.textContent })));
    choice.setAttribute("aria-label", `Add a layer to ${path} at place ${place}`);
    choice.dataset.box = `${path}+${place}`;
    choice.addEventListener("input", event => event.stopPropagation());
    choice.addEventListener("change", () => { if (choice.value) this.edit({ edit: "add", at: path, place, name: choice.value }); });
    return choice;
  }

  box(layer) {
    const remove = make("button", { type: "button", className: "remove", textContent: "\u00d7", title: `Remove ${layer.path}` });
    remove.setAttribute("aria-label", `Remove ${layer.kind}, ${layer.path}`);
    remove.dataset.box = `${layer.path}-`;
    remove.addEventListener("click", () => this.edit({ edit: "remove", at: layer.path }));
    const values = layer.values.map(value => {
      const name = value.name === layer.kind ? "" : Symbols[value.name] ?? value.name, title = Titles[value.name] ?? value.name;
      const field = make("input", { value: value.text, spellcheck: false, size: Math.max(3, value.text.length), title });
      field.setAttribute("aria-label", `${title} of ${layer.kind}`);
      field.dataset.box = `${layer.table}.${value.name}`;
      field.addEventListener("input", event => event.stopPropagation());
      field.addEventListener("change", () => this.edit({ edit: "set", at: layer.table, name: value.name, text: field.value }));
      return make("label", { className: "value" }, make("span", { className: name ? "" : "unseen", innerHTML: name || layer.kind }), field);
    });
    const inner = layer.lists.map(list => this.list(list));
    const sign = layer.kind === "residual" ? [make("span", { className: "sign", textContent: "+ stream", title: "The stream goes past the branch and is added to it" })] : layer.kind === "parallel" ? [make("span", { className: "sign", textContent: "summed" })] : [];
    const box = make("div", { className: `box ${layer.kind}` }, make("div", { className: "top" }, make("b", { textContent: layer.kind }), ...values, ...(layer.note ? [make("span", { className: "note", textContent: layer.note })] : []), remove), ...inner, ...sign);
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `${layer.kind}, ${layer.path}`);
    return box;
  }
}
