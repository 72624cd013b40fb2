// A reply as Discord or Slack would show it, drawn from the very payload that would be sent there.

import { drawDiscord } from "./preview-discord.js";
import { drawSlack } from "./preview-slack.js";
import { byId, make } from "./dom.js";

const PLATFORMS = { discord: ["As Discord", drawDiscord], slack: ["As Slack", drawSlack] };
const ABOUT = "Drawn from the payload that would be sent. Fonts and colours differ; length and order do not.";

export class Preview {
  // `ask` gives the payload of a message for a platform.
  constructor(ask) {
    this.ask = ask;
    this.dialog = byId("preview");
  }

  open(shown) {
    const close = make("button", { type: "button", onclick: () => this.dialog.close() }, "Close");
    this.body = make("div", { class: "preview-body", tabIndex: 0, role: "region", "aria-label": "The preview" });
    this.tabs = Object.entries(PLATFORMS).map(([name, [label]]) =>
      make("button", { type: "button", "aria-pressed": "false", onclick: (event) => this.show(shown, name, event.target) }, label));
    const title = make("h2", { id: "preview-title" }, "Preview");
    this.dialog.replaceChildren(make("div", { class: "preview-head" }, title, this.tabs, close), this.body, make("p", { class: "aside" }, ABOUT));
    this.dialog.showModal();
    this.show(shown, "discord", this.tabs[0]);
  }

  async show(shown, name, tab) {
    this.wanted = tab;
    const answer = await this.ask(shown, name);
    if (this.wanted !== tab) return;
    this.tabs.forEach((one) => one.setAttribute("aria-pressed", String(one === tab)));
    const draw = PLATFORMS[name][1];
    this.body.replaceChildren(answer.wrong ? make("p", {}, answer.wrong) : draw(answer.payload, shown.reply.picture));
  }
}
