// The page: whom this window plays, in which room it is, and what happens there.

import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { byId, make } from "./dom.js";
import { message } from "./drawing.js";
import { Preview } from "./preview.js";

const SOON = 300; // milliseconds
const NEAR = 150; // pixels
const EXAMPLES = ["/kurils", "/summary", "/ask Why does the reading compare Japan with Germany?"];
const LOST = "The connection to the bot is lost; trying again. Nothing that was sent is gone.";

const log = byId("log");
const state = { channels: [], threads: [], unread: new Set(), room: null, atEnd: true };

const connection = new Connection({ hello: play, news, lost: () => tell(LOST) });
const preview = new Preview((shown, as) => here({ do: "preview", message: shown.id, as }));
const composer = new Composer({
  complete: (words) => here({ do: "complete", words }),
  send: async (words) => (await here({ do: "say", words })).wrong,
});
const act = {
  press: (shown, button) => here({ do: "press", message: shown.id, button }),
  thread: (shown) => { location.hash = `/${state.room.channel}/${shown.id}`; },
  preview: (shown) => preview.open(shown),
  dismiss: async (shown) => {
    const answer = await here({ do: "dismiss", message: shown.id });
    if (!answer.wrong) byId(`message-${shown.id}`)?.remove();
    byId("words").focus();
  },
};

log.addEventListener("scroll", () => { state.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR; });
// A picture takes its room only once it is loaded.
log.addEventListener("load", () => { if (state.atEnd) follow(); }, true);
addEventListener("hashchange", enter);
byId("person").addEventListener("change", (event) => {
  sessionStorage.setItem("person", event.target.value);
  play();
});
byId("menu").addEventListener("click", () => menu(byId("menu").getAttribute("aria-expanded") !== "true"));

// A request about the room that is shown; what was refused is told, and what takes its time is said to be under way.
async function here(request) {
  const slow = ["say", "press"].includes(request.do) ? setTimeout(() => tell("Readalong is answering."), SOON) : 0;
  const answer = await connection.ask({ ...request, channel: state.room.channel, thread: state.room.thread });
  clearTimeout(slow);
  if (request.do !== "complete") tell(request.do === "say" ? "" : answer.wrong ?? "");
  if (answer.threads) drawThreads(answer.threads);
  return answer;
}

async function play() {
  const kept = sessionStorage.getItem("person");
  let group = await connection.ask({ do: "play", person: kept ?? "mina" });
  if (group.wrong) group = await connection.ask({ do: "play", person: "mina" });
  if (group.wrong) return tell(group.wrong);
  state.channels = group.channels;
  drawPeople(group);
  await enter();
}

async function enter() {
  if (state.room && location.hash === "#words") return; // the link that skips to the message field
  const [, channel, thread] = location.hash.split("/");
  const known = state.channels.find((one) => one.id === channel) ?? state.channels[0];
  const room = { channel: known.id, thread: known.id === channel ? Number(thread) || 0 : 0 };
  const moved = state.room && (state.room.channel !== room.channel || state.room.thread !== room.thread);
  state.room = room;
  state.unread.delete(room.channel);
  const answer = await here({ do: "enter" });
  if (state.room !== room) return;
  if (answer.wrong && room.thread) location.hash = `/${room.channel}`;
  if (answer.wrong) return tell(answer.wrong);
  menu(false);
  drawRoom(known, answer);
  drawChannels();
  if (moved) byId("room").focus({ preventScroll: true });
}

function news(shown) {
  if (state.room && shown.channel === state.room.channel && shown.thread === state.room.thread) return append(shown);
  if (state.room?.channel === shown.channel) return here({ do: "threads" });
  state.unread.add(shown.channel);
  drawChannels();
}

function append(shown) {
  const { atEnd } = state;
  byId("empty")?.remove();
  log.append(message(shown, act));
  if (atEnd || shown.how !== "said") follow();
}

// Show the last message, from its beginning where it is longer than the window.
function follow() {
  log.scrollTop = log.lastElementChild.offsetTop - log.offsetTop;
  state.atEnd = true;
}

function drawRoom(channel, { messages, earlier, root }) {
  const { thread } = state.room;
  byId("room").textContent = thread ? `Thread in ${channel.name}` : channel.name;
  byId("about").replaceChildren(thread ? make("a", { href: `#/${channel.id}` }, `Back to ${channel.name}`) : channel.about);
  document.title = `${channel.name}: Readalong`;
  log.setAttribute("aria-busy", "true");
  const drawn = messages.map((shown) => message(shown, act, repliesTo(shown)));
  const more = earlier ? [make("button", { type: "button", class: "earlier", onclick: showEarlier }, "Earlier messages")] : [];
  const opened = root ? [make("div", { class: "root" }, message({ ...root, thread: root.id }, act))] : [];
  log.replaceChildren(...opened, ...more, ...(drawn.length ? drawn : [empty(thread)]));
  follow();
  log.setAttribute("aria-busy", "false");
}

async function showEarlier(event) {
  const first = log.querySelector(":scope > .message");
  const answer = await here({ do: "earlier", before: Number(first.id.replace("message-", "")) });
  if (answer.wrong) return;
  const height = log.scrollHeight;
  event.target.hidden = !answer.earlier;
  first.before(...answer.messages.map((shown) => message(shown, act, repliesTo(shown))));
  log.scrollTop += log.scrollHeight - height;
}

function empty(thread) {
  if (thread) return make("p", { id: "empty" }, "Nobody has answered in this thread yet.");
  const examples = EXAMPLES.map((line) => make("li", {}, make("button", { type: "button", onclick: () => composer.fill(line) }, line)));
  return make(
    "div",
    { id: "empty" },
    make("p", {}, "Nothing here yet. Type / for the commands, or begin with one of these:"),
    make("ul", {}, examples),
    make("p", {}, "Change who you are at the top: Mo is a moderator, and may choose the reading with /use."),
  );
}

function repliesTo(shown) {
  return state.threads.find((one) => one.id === shown.id)?.messages ?? 0;
}

function drawThreads(found) {
  state.threads = found;
  const made = found.map((one) => {
    const href = `#/${state.room.channel}/${one.id}`;
    const current = one.id === state.room.thread ? { "aria-current": "page" } : {};
    return make("li", {}, make("a", { href, ...current }, `${one.title} (${one.messages})`));
  });
  byId("threads").replaceChildren(...(made.length ? made : [make("li", { class: "none" }, "None yet.")]));
  for (const one of found) {
    const button = byId(`message-${one.id}`)?.querySelector(".actions .thread");
    if (button) button.textContent = `Thread: ${one.messages} message${one.messages === 1 ? "" : "s"}`;
  }
}

function drawChannels() {
  const made = state.channels.map((one) => {
    const current = one.id === state.room.channel ? { "aria-current": state.room.thread ? "true" : "page" } : {};
    const fresh = state.unread.has(one.id) ? make("span", { class: "mark" }, "new") : "";
    return make("li", {}, make("a", { href: `#/${one.id}`, ...current }, one.name), fresh);
  });
  byId("channels").replaceChildren(...made);
}

function drawPeople({ people, person }) {
  const groups = [["Members", false], ["Moderators", true]].map(([label, moderator]) =>
    make("optgroup", { label }, people.filter((one) => one.moderator === moderator).map((one) =>
      make("option", { value: one.id, selected: one.id === person }, moderator ? `${one.name} (moderator)` : one.name))));
  byId("person").replaceChildren(...groups);
}

function menu(open) {
  byId("menu").setAttribute("aria-expanded", String(open));
  byId("side").classList.toggle("open", open);
}

function tell(words) {
  byId("status").textContent = words;
}
