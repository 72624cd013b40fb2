// The messages of the room: adding and dropping them, and the reader's place among them.

import { byId, focusOn, make, oneAtATime, plural } from "./dom.js";
import { message, threadLabel } from "./drawing.js";

const NEAR = 40; // pixels from the end that are still at the end

const idOf = (article) => Number(article.id.replace("message-", ""));

export class Log {
  // `act` is what the messages' buttons do, `earlier` asks for what was before an id, `empty` makes what an empty room shows.
  constructor({ act, earlier, empty }) {
    this.act = act;
    this.askEarlier = earlier;
    this.empty = empty;
    this.box = byId("log");
    this.unseen = []; // messages that came while the reader was further up
    this.box.addEventListener("scroll", () => this.look());
    byId("jump").addEventListener("click", () => this.jump());
    // Whoever reads the end still does when the field grows by the usage of a command, or a phone's keyboard opens.
    new ResizeObserver(() => { if (this.atEnd) this.box.scrollTop = this.box.scrollHeight; }).observe(this.box);
  }

  get articles() {
    return [...this.box.querySelectorAll(":scope > .message")];
  }

  // Nothing, until another room is drawn.
  clear() {
    this.box.setAttribute("aria-busy", "true");
    this.box.replaceChildren();
    this.unseen = [];
    this.look();
  }

  draw({ messages, earlier, root }) {
    this.unseen = [];
    const opened = root ? [make("div", { class: "root" }, message({ ...root, thread: root.id }, this.act))] : [];
    const onclick = (event) => this.showEarlier(event.currentTarget);
    const more = earlier ? [make("button", { type: "button", class: "earlier", onclick }, "Earlier messages")] : [];
    const drawn = messages.map((shown) => message(shown, this.act));
    this.change(() => this.box.replaceChildren(...opened, ...more, ...(drawn.length ? drawn : [this.empty()])));
    this.show(this.box.lastElementChild);
  }

  // What came or went while the line was broken. All else stays as it is, and so do focus and place.
  update(entered) {
    const { messages, earlier } = entered;
    const held = this.articles.map(idOf);
    if (earlier && messages[0].id > (held.at(-1) ?? 0)) return this.draw(entered); // more came than was sent
    const now = new Set(messages.map((shown) => shown.id));
    for (const id of held) if (!now.has(id) && (!earlier || id > messages[0].id)) this.remove(id);
    for (const shown of messages) this.add(shown);
  }

  // A new message. It is followed where this window caused it or its reader is at the end; else a button leads there.
  add(shown, caused = false) {
    if (byId(`message-${shown.id}`)) return;
    this.look();
    const follow = caused || this.atEnd;
    const made = message(shown, this.act);
    byId("empty")?.remove();
    this.box.append(made);
    if (!follow) this.unseen.push(made);
    if (follow) this.show(made);
    else this.look();
  }

  remove(id) {
    const gone = byId(`message-${id}`);
    if (!gone) return;
    const focused = gone.contains(document.activeElement);
    gone.remove();
    this.unseen = this.unseen.filter((one) => one !== gone);
    if (!this.articles.length && !this.box.querySelector(".earlier")) this.box.append(this.empty());
    if (focused) byId("words").focus();
    this.look();
  }

  // How many messages the threads have that open here.
  count(threads) {
    for (const one of threads) {
      const button = byId(`message-${one.id}`)?.querySelector(".actions .thread");
      if (button) button.textContent = threadLabel(one.messages);
    }
  }

  showEarlier(button) {
    return oneAtATime([button], async () => {
      const answer = await this.askEarlier(this.articles.length ? idOf(this.articles[0]) : Number.MAX_SAFE_INTEGER);
      if (answer.wrong || !button.isConnected) return;
      const height = this.box.scrollHeight;
      this.change(() => button.after(...answer.messages.map((shown) => message(shown, this.act))));
      if (!answer.earlier) {
        if (document.activeElement === button) focusOn(this.articles[0]);
        button.remove();
      }
      this.box.scrollTop += this.box.scrollHeight - height;
    });
  }

  // Bring a message into view, from its beginning where it is longer than the window.
  show(article) {
    this.box.scrollTop = article.offsetTop - this.box.offsetTop;
    this.look();
  }

  jump() {
    const [first] = this.unseen;
    this.unseen = [];
    focusOn(first);
    this.show(first);
  }

  // See where the reader is.
  look() {
    this.atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
    if (this.atEnd) this.unseen = [];
    if (!this.unseen.length && document.activeElement === byId("jump")) this.box.focus({ preventScroll: true });
    byId("jump").hidden = !this.unseen.length;
    byId("jump").textContent = plural(this.unseen.length, "new message");
  }

  // Change much at once, which a screen reader should not read out.
  change(work) {
    this.box.setAttribute("aria-busy", "true");
    work();
    this.box.setAttribute("aria-busy", "false");
  }
}
