// The completions of the line that is being typed, as the list of a combobox, and how its command is used.
// What is listed always fits the line as it is; of the list before, only what still fits stays until the new one is there.

import { byId, make, plural } from "./dom.js";

const NAME = /^\/\S+$/;
const CALM = 500; // milliseconds without a change before the number is announced
const BOUND = 1000; // milliseconds that Tab and Enter wait

// The answer, or none where it takes too long.
export function soon(answer) {
  return Promise.race([answer, new Promise((done) => { setTimeout(() => done({}), BOUND); })]);
}

// The completion that Enter takes: the first, while a name is typed that is none yet.
export function ready(found, value) {
  return NAME.test(value) && !found.some((one) => one.text === value) ? found[0] : undefined;
}

// A line with a completion in the place of what it stands for.
export function completed({ text, start }, line) {
  return line.slice(0, start) + text + (text.endsWith(":") ? "" : " ");
}

export class Completions {
  // `ask` asks for those of a line; `put` puts a line into the field, with the caret where it says.
  constructor({ field, ask, put }) {
    this.field = field;
    this.ask = ask;
    this.put = put;
    this.found = [];
    this.line = ""; // what the completions are for: the field up to the caret
    this.pending = null; // the answer that is under way
    this.list = byId("choices");
    field.addEventListener("input", () => this.update());
    for (const name of ["keyup", "click"]) field.addEventListener(name, () => { if (this.typed !== this.line) this.update(); });
    field.addEventListener("blur", () => this.show([]));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get typed() {
    return this.field.value.slice(0, this.field.selectionStart);
  }

  async update() {
    const { typed: line } = this;
    const still = this.found.filter((one) =>
      line.startsWith(this.line.slice(0, one.start)) && one.text.toLowerCase().startsWith(line.slice(one.start).toLowerCase()));
    if (!line.startsWith("/")) return this.close();
    this.line = line;
    this.show(still);
    const pending = this.ask(line);
    this.pending = pending;
    const { completions = [], usage } = await pending;
    if (this.pending !== pending) return;
    this.pending = null;
    this.show(document.activeElement === this.field ? completions : []);
    this.explain(usage);
  }

  close() {
    this.line = this.typed;
    this.pending = null;
    this.show([]);
    this.explain(null);
  }

  show(found) {
    this.found = found;
    this.list.replaceChildren(...found.map((one, number) => this.choice(one, number)));
    this.list.hidden = !found.length;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.choose(found.indexOf(ready(found, this.field.value)));
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => announce(found.length), CALM);
  }

  explain(usage) {
    byId("usage").replaceChildren(...(usage ? described(usage) : []));
    byId("usage").hidden = !usage;
  }

  choice(one, number) {
    const hint = one.hint === this.found[number - 1]?.hint ? "" : one.hint;
    return make(
      "li",
      { role: "option", id: `choice-${number}`, onclick: () => this.take(number) },
      make("strong", { dir: "auto" }, one.shown),
      " ",
      make("span", {}, hint),
    );
  }

  // Up and down, round the ends.
  move(by) {
    const count = this.found.length;
    this.choose((Math.max(this.active, by > 0 ? -1 : 0) + by + count) % count);
  }

  choose(number) {
    this.active = number;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === number)));
    if (number < 0) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", `choice-${number}`);
    this.list.children[number].scrollIntoView({ block: "nearest" });
  }

  take(number) {
    const line = completed(this.found[number], this.line);
    this.put(line + this.field.value.slice(this.line.length).trimStart(), line.length);
    this.field.focus();
    this.update();
  }
}

function announce(number) {
  const words = number ? plural(number, "completion") : "";
  if (byId("counted").textContent !== words) byId("counted").textContent = words;
}

function described({ line, about, options }) {
  const named = options.map((one) => [
    make("br"),
    make("code", { dir: "auto" }, one.name),
    ` ${one.about}${one.required ? "" : " May be left out."}`,
  ]);
  return [make("code", { dir: "auto" }, line), ` ${about}`, ...named.flat()];
}
