// A reply as Discord or Slack would show it, drawn from the very payload that would be sent there.

import { drawDiscord } from "./preview-discord.js";
import { drawSlack } from "./preview-slack.js";
import { byId, isOff, make, turnOff } from "./dom.js";

const PLATFORMS = { discord: ["As Discord", drawDiscord], slack: ["As Slack", drawSlack] };
const ABOUT = "Drawn from the payload that would be sent. Fonts and colours differ; length and order do not.";

export class Preview {
  // `ask` gives the payload of a page of a message's reply for a platform, and how many pages there are.
  constructor(ask) {
    this.ask = ask;
    this.dialog = byId("preview");
  }

  open(shown) {
    this.shown = shown;
    const close = button("Close", () => this.close());
    this.tabs = Object.entries(PLATFORMS).map(([name, [label]]) => button(label, () => this.show(name, 1)));
    this.body = make("div", { class: "preview-body", tabIndex: 0, role: "region", "aria-label": "The preview" });
    this.turns = [button("Page before", () => this.turn(-1)), button("Page after", () => this.turn(1))];
    this.place = make("span", { "aria-live": "polite" });
    this.pages = make("div", { class: "preview-row", hidden: true }, this.turns[0], this.place, this.turns[1]);
    this.dialog.replaceChildren(
      make("div", { class: "preview-row" }, make("h2", { id: "preview-title" }, "Preview"), close),
      make("div", { class: "preview-row" }, this.tabs),
      this.body,
      this.pages,
      make("p", { class: "aside" }, ABOUT),
    );
    this.dialog.showModal();
    this.show("discord", 1);
  }

  close() {
    this.dialog.close();
  }

  turn(by) {
    if (!isOff(this.turns[by < 0 ? 0 : 1])) this.show(this.name, this.page + by);
  }

  async show(name, page) {
    const wanted = { shown: this.shown, name, page };
    Object.assign(this, { wanted, name, page });
    const answer = await this.ask(this.shown, name, page);
    if (this.wanted !== wanted) return;
    const draw = PLATFORMS[name][1];
    Object.keys(PLATFORMS).forEach((one, at) => this.tabs[at].setAttribute("aria-pressed", String(one === name)));
    this.body.replaceChildren(answer.wrong ? make("p", {}, answer.wrong) : draw(answer.payload, this.shown.reply.picture));
    this.body.scrollTop = 0;
    this.count(answer.pages ?? 1);
  }

  count(pages) {
    this.pages.hidden = pages < 2;
    this.place.textContent = `Page ${this.page} of ${pages}`;
    turnOff(this.turns[0], this.page === 1);
    turnOff(this.turns[1], this.page === pages);
  }
}

const button = (label, onclick) => make("button", { type: "button", onclick }, label);
