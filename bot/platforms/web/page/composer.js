// The message field: completion of commands as a combobox, the usage of the command that is being typed, sending.

import { byId, make } from "./dom.js";

const NAME = /^\/?[^\s]*$/;

export class Composer {
  // `complete` asks for completions of a line; `send` sends it, and gives a sentence where that was refused.
  constructor({ complete, send }) {
    this.ask = complete;
    this.send = send;
    this.found = [];
    this.active = -1;
    this.asked = 0;
    this.past = [];
    this.field = byId("words");
    this.list = byId("choices");
    this.field.addEventListener("input", () => this.complete());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("paste", (event) => this.paste(event));
    this.field.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    byId("composer").addEventListener("submit", (event) => this.submit(event));
  }

  // Put a line in, as if it was typed.
  fill(line) {
    this.field.value = line;
    this.field.focus();
    this.complete();
  }

  async complete() {
    const line = this.field.value.slice(0, this.field.selectionStart);
    const asked = ++this.asked;
    this.found = []; // what is listed was for another line
    this.choose(-1);
    byId("wrong").textContent = "";
    if (!line.startsWith("/")) return this.show([], null);
    const answer = await this.ask(line);
    if (asked === this.asked && !answer.wrong) this.show(answer.completions, answer.usage);
  }

  show(found, usage) {
    this.found = found;
    this.list.replaceChildren(...found.map((one, number) => this.choice(one, number)));
    this.list.hidden = !found.length;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    // While a name is typed the first one is ready to be taken; later what was typed stands unless one is chosen.
    const whole = found.some((one) => one.text === this.field.value);
    this.choose(found.length && NAME.test(this.field.value) && !whole && this.field.value !== "/" ? 0 : -1);
    const text = byId("usage");
    text.replaceChildren(...(usage ? described(usage) : []));
    text.hidden = !usage;
  }

  choice(one, number) {
    return make(
      "li",
      { role: "option", id: `choice-${number}`, onclick: () => this.take(number) },
      make("strong", {}, one.shown),
      " ",
      make("span", {}, one.hint),
    );
  }

  choose(number) {
    this.active = number;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === number)));
    if (number < 0) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", `choice-${number}`);
    this.list.children[number].scrollIntoView({ block: "nearest" });
  }

  take(number) {
    const { text, start } = this.found[number];
    const rest = this.field.value.slice(this.field.selectionStart);
    const line = this.field.value.slice(0, start) + text + (text.endsWith(":") ? "" : " ");
    this.field.value = line + rest.trimStart();
    this.field.setSelectionRange(line.length, line.length);
    this.field.focus();
    this.complete();
  }

  key(event) {
    if (event.isComposing) return;
    const open = this.found.length > 0;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (open && event.key in moves) {
      const count = this.found.length;
      this.choose((Math.max(this.active, event.key === "ArrowDown" ? -1 : 0) + moves[event.key] + count) % count);
    } else if (open && event.key === "Tab" && !event.shiftKey) this.take(Math.max(this.active, 0));
    else if (open && event.key === "Enter" && this.active >= 0) this.take(this.active);
    else if (open && event.key === "Escape") this.close();
    else if (!open && event.key === "ArrowUp" && !this.field.value && this.past.length) this.fill(this.past.at(-1));
    else return;
    event.preventDefault();
  }

  close() {
    this.asked++;
    this.show([], null);
  }

  // A field of one line would glue the lines of what is pasted together.
  paste(event) {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\r\n]/.test(text)) return;
    event.preventDefault();
    this.field.setRangeText(text.replace(/\s*[\r\n]+\s*/g, " "), this.field.selectionStart, this.field.selectionEnd, "end");
    this.complete();
  }

  async submit(event) {
    event.preventDefault();
    const line = this.field.value;
    this.close();
    if (this.sending) return;
    this.sending = true;
    const wrong = await this.send(line);
    this.sending = false;
    byId("wrong").textContent = wrong ?? "";
    if (wrong) return;
    this.past.push(line);
    if (this.field.value === line) this.field.value = "";
  }
}

function described({ line, about, options }) {
  const named = options.map((one) => [
    make("br"),
    make("code", {}, one.name),
    ` ${one.about}${one.required ? "" : " May be left out."}`,
  ]);
  return [make("code", {}, line), ` ${about}`, ...named.flat()];
}
