// The side of the page: who one is, the channels and threads, which of them have something new, and the phone's menu.

import { addressOf } from "./address.js";
import { byId, focusOn, make } from "./dom.js";

export class Sidebar {
  constructor() {
    this.unread = {}; // by person, the addresses of the rooms with something new
    this.threads = [];
    byId("menu").addEventListener("click", () => this.menu(byId("menu").getAttribute("aria-expanded") !== "true"));
    byId("side").addEventListener("click", (event) => {
      if (event.target.closest("a")) this.choose();
    });
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && byId("side").classList.contains("open")) this.leaveMenu();
    });
  }

  // Show who there is, and whom this window plays.
  play({ people, person, channels }) {
    this.channels = channels;
    this.news = this.unread[person] ??= new Set();
    if (!byId("person").children.length) byId("person").append(...groups(people));
    byId("person").value = person;
  }

  enter(room) {
    if (room.channel !== this.room?.channel) this.threads = [];
    this.room = room;
    this.news.delete(addressOf(room));
    this.draw();
  }

  show(threads) {
    this.threads = threads;
    this.draw();
  }

  // There is something new in a room.
  mark(room) {
    this.news.add(addressOf(room));
    this.draw();
  }

  draw() {
    redraw(byId("channels"), this.channels.map((one) => {
      const room = { channel: one.id, thread: 0 };
      const here = one.id === this.room.channel;
      const current = here && (this.room.thread ? "true" : "page");
      // A thread elsewhere has no line of its own here.
      const fresh = [...this.news].some((at) => at === addressOf(room) || (!here && at.startsWith(`${addressOf(room)}/`)));
      return entry(room, [one.name], current, fresh);
    }));
    const threads = this.threads.map((one) => {
      const room = { channel: this.room.channel, thread: one.id };
      const current = one.id === this.room.thread && "page";
      return entry(room, [make("bdi", {}, one.title), ` (${one.messages})`], current, this.news.has(addressOf(room)));
    });
    redraw(byId("threads"), threads.length ? threads : [make("li", { class: "none" }, "None yet.")]);
  }

  menu(open) {
    byId("menu").setAttribute("aria-expanded", String(open));
    byId("side").classList.toggle("open", open);
  }

  leaveMenu() {
    this.menu(false);
    byId("menu").focus();
  }

  choose() {
    this.menu(false);
    focusOn(byId("room"));
  }
}

function entry(room, name, current, fresh) {
  const properties = current ? { "aria-current": current } : {};
  const link = make("a", { href: addressOf(room), ...properties }, name);
  return make("li", {}, link, fresh ? make("span", { class: "mark" }, "new") : "");
}

// Draw a list anew; a link in it that had the focus has it again.
function redraw(list, items) {
  const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
  list.replaceChildren(...items);
  if (focused) list.querySelector(`a[href="${focused}"]`)?.focus();
}

function groups(people) {
  return [["Members", false], ["Moderators", true]].map(([label, moderator]) =>
    make("optgroup", { label }, people.filter((one) => one.moderator === moderator).map((one) =>
      make("option", { value: one.id }, moderator ? `${one.name} (moderator)` : one.name))));
}
