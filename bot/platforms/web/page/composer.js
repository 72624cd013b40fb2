// The message field: what its keys do, sending, what could not be sent, and walking through what was sent.

import { Completions, completed, ready, soon } from "./completions.js";
import { byId } from "./dom.js";

const STILL_HERE = {
  lost: "The bot can't be reached. What you typed is still here; it is sent when you press Send again.",
  late: "The bot has not answered for 10 seconds. What you typed is still here; see whether it arrived before you send it again.",
};

export class Composer {
  // `complete` asks for completions of a line; `send` sends one, and gives the answer.
  constructor({ complete, send }) {
    this.send = send;
    this.past = [];
    this.at = 0; // where among them the field is; at their number where it is not
    this.queue = Promise.resolve();
    this.field = byId("words");
    this.completions = new Completions({ field: this.field, ask: complete, put: (line, caret) => this.put(line, caret) });
    this.field.addEventListener("keydown", (event) => { if (this.key(event)) event.preventDefault(); });
    this.field.addEventListener("paste", (event) => this.paste(event));
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  // Put a line in, as if it was typed.
  fill(line) {
    this.put(line);
    this.field.focus();
    this.completions.update();
  }

  // The bot can be reached again.
  reached() {
    if (this.unanswered) byId("wrong").textContent = "";
  }

  put(line, caret = line.length) {
    this.field.value = line;
    if (document.activeElement === this.field) this.field.setSelectionRange(caret, caret);
    this.completions.close();
  }

  // Do what a key does here. Returns whether it does anything.
  key({ key, shiftKey, isComposing, keyCode }) {
    if (isComposing || keyCode === 229) return false; // Safari ends a composition with 229
    const { completions } = this;
    const open = completions.found.length > 0;
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (key === "Enter") this.enter();
    else if (by && open) completions.move(by);
    else if (by && this.field.value === (this.past[this.at] ?? "")) this.walk(by);
    else if (key === "Tab" && !shiftKey && completions.pending) this.tabWhenThere(completions.pending);
    else if (key === "Tab" && !shiftKey && open) this.tab();
    else if (key === "Escape" && open) completions.close();
    else return false;
    return true;
  }

  enter() {
    const { completions } = this;
    if (completions.active >= 0) completions.take(completions.active);
    else this.submit(completions.line === this.field.value ? completions.pending : null);
  }

  tab() {
    const { completions } = this;
    if (completions.found.length) completions.take(Math.max(completions.active, 0));
    else byId("send").focus();
  }

  async tabWhenThere(pending) {
    const { line } = this.completions;
    await soon(pending);
    if (this.completions.line === line && document.activeElement === this.field) this.tab();
  }

  walk(by) {
    const to = this.at + by;
    if (to < 0 || to > this.past.length) return;
    this.at = to;
    this.put(this.past[to] ?? "");
  }

  // A field of one line would glue the lines of what is pasted together.
  paste(event) {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\r\n]/.test(text)) return;
    event.preventDefault();
    this.field.setRangeText(text.replace(/\s*[\r\n]+\s*/g, " "), this.field.selectionStart, this.field.selectionEnd, "end");
    this.completions.update();
  }

  // Take the line out of the field. `pending` are its completions where they were under way when Enter was pressed.
  submit(pending = null) {
    const line = this.field.value;
    this.at = this.past.length;
    this.put("");
    this.queue = this.queue.then(() => this.deliver(line, pending));
  }

  // Send a line in its turn, or complete it where Enter would have done that.
  async deliver(line, pending) {
    const first = pending && ready((await soon(pending)).completions ?? [], line);
    if (!first) return void this.say(line); // the bot answers in the order in which it is asked
    this.giveBack(completed(first, line));
    this.completions.update();
  }

  async say(line) {
    const { wrong, unanswered } = await this.send(line);
    this.unanswered = unanswered;
    byId("wrong").textContent = wrong ? STILL_HERE[unanswered] ?? wrong : "";
    if (wrong) return this.giveBack(line);
    if (this.past.at(-1) !== line) this.past.push(line);
    this.at = this.past.length;
  }

  // Put a line back in front of what was typed since, and leave the caret in that.
  giveBack(line) {
    const { value: since, selectionStart } = this.field;
    const all = since ? `${line.trimEnd()} ${since}` : line;
    this.put(all, all.length - since.length + selectionStart);
  }
}
