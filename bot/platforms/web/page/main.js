// The page: whom this window plays, in which room it is, and what happens there.

import { addressOf, roomAt } from "./address.js";
import { Composer } from "./composer.js";
import { Connection, UNREACHED } from "./connection.js";
import { byId, focusOn, make, oneAtATime } from "./dom.js";
import { Log } from "./log.js";
import { Preview } from "./preview.js";
import { Sidebar } from "./sidebar.js";
import { CONNECTION, forgetRoom, tell } from "./status.js";

const SOON = 300; // milliseconds
const EXAMPLES = ["/kurils", "/summary", "/ask Why does the reading compare Japan with Germany?"];
const LOST = "The connection to the bot is lost; trying again. Nothing that was sent is gone.";
const CAUSES = new Set(["say", "press", "act"]); // requests of which a message comes
const ELSEWHERE = new Set(["say", "complete", "preview", "threads"]); // requests whose refusal stands elsewhere, or nowhere

// `group` is the bot's answer to `play`, `drawn` whose view of which room the log shows, `causing` how many of
// this window's requests that cause a message are under way.
const state = { group: null, room: null, drawn: "", causing: 0 };

const connection = new Connection({ hello, news, gone: (id) => log.remove(id), lost: () => tell(CONNECTION, LOST) });
const sidebar = new Sidebar();
const preview = new Preview((shown, as, page) => here({ do: "preview", message: shown.id, as, page }));
const composer = new Composer({ complete: (words) => here({ do: "complete", words }), send });
const log = new Log({
  act: {
    press: (shown, button, all) => oneAtATime(all, () => here({ do: "press", message: shown.id, button })),
    thread: (shown) => { location.hash = addressOf({ channel: state.room.channel, thread: shown.id }); },
    preview: (shown) => preview.open(shown),
    offered: () => state.group.actions,
    act: (shown, action, all) => oneAtATime(all, () => here({ do: "act", message: shown.id, action })),
    dismiss: (shown, all) => oneAtATime(all, async () => {
      const answer = await here({ do: "dismiss", message: shown.id });
      if (!answer.wrong) log.remove(shown.id);
    }),
  },
  earlier: (before) => here({ do: "earlier", before }),
  empty,
});

addEventListener("hashchange", () => { if (state.group) enter(); });
byId("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address names the room
  byId("words").focus();
});
byId("person").addEventListener("change", (event) => {
  sessionStorage.setItem("person", event.target.value);
  play();
});

// A request about the room that is shown; what was refused is told, and what takes its time is said to be under way.
async function here(request) {
  const { room } = state;
  if (!room) return UNREACHED;
  const causes = CAUSES.has(request.do);
  const slow = causes ? setTimeout(() => tell(request, "Readalong is answering."), SOON) : 0;
  state.causing += causes;
  const answer = await connection.ask({ ...request, ...room });
  state.causing -= causes;
  clearTimeout(slow);
  tell(request);
  if (!ELSEWHERE.has(request.do)) tell(answer.unanswered === "lost" ? CONNECTION : request.do, answer.wrong);
  if (answer.threads && state.room === room) {
    sidebar.show(answer.threads);
    log.count(answer.threads);
  }
  return answer;
}

function send(words) {
  sidebar.menu(false);
  return here({ do: "say", words });
}

function hello() {
  tell(CONNECTION);
  composer.reached();
  return play();
}

async function play() {
  const kept = sessionStorage.getItem("person");
  let group = await connection.ask({ do: "play", person: kept ?? "mina" });
  if (group.wrong && !group.unanswered) group = await connection.ask({ do: "play", person: "mina" });
  tell(group.unanswered === "lost" ? CONNECTION : "play", group.wrong);
  if (group.wrong) return;
  state.group = group;
  sidebar.play(group);
  await enter();
}

async function enter() {
  const { channels, person } = state.group;
  const room = roomAt(location.hash, channels);
  const moved = state.room && addressOf(state.room) !== addressOf(room);
  const view = person + addressOf(room);
  history.replaceState(null, "", addressOf(room));
  state.room = room;
  if (state.drawn !== view) leave();
  drawHeading(channels.find((one) => one.id === room.channel));
  sidebar.enter(room);
  if (moved) focusOn(byId("room"));
  const answer = await here({ do: "enter" });
  if (state.room !== room) return;
  if (answer.wrong) return refused(answer);
  if (state.drawn === view) log.update(answer);
  else log.draw(answer);
  state.drawn = view;
}

function leave() {
  state.drawn = "";
  forgetRoom();
  preview.close();
  sidebar.menu(false);
  log.clear();
}

// A thread that is not there leads to its channel, and not back again.
async function refused({ wrong, unanswered }) {
  const { channel, thread } = state.room;
  if (!thread || unanswered) return;
  history.replaceState(null, "", addressOf({ channel }));
  await enter();
  tell("enter", wrong);
}

function news(shown) {
  const { room, group } = state;
  if (!room) return;
  const own = shown.name === group.people.find((one) => one.id === group.person).name;
  if (addressOf(shown) === addressOf(room)) return log.add(shown, own && state.causing > 0);
  if (!own) sidebar.mark(shown);
  if (shown.channel === room.channel) here({ do: "threads" });
}

function drawHeading(channel) {
  const { thread } = state.room;
  byId("room").textContent = thread ? `Thread in ${channel.name}` : channel.name;
  byId("about").replaceChildren(thread ? make("a", { href: addressOf({ channel: channel.id }) }, `Back to ${channel.name}`) : channel.about);
  document.title = `${channel.name}: Readalong`;
}

function empty() {
  if (state.room.thread) return make("p", { id: "empty" }, "Nobody has answered in this thread yet.");
  const examples = EXAMPLES.map((line) => make("li", {}, make("button", { type: "button", onclick: () => composer.fill(line) }, line)));
  const { people, person } = state.group;
  const { name, moderator } = people.find((one) => one.id === person);
  return make(
    "div",
    { id: "empty" },
    make("p", {}, "Nothing here yet. Type / for the commands, or begin with one of these:"),
    make("ul", {}, examples),
    make("p", {}, moderator
      ? `You are ${name}, a moderator, and may choose the reading with /use. Be somebody else at the top.`
      : `You are ${name}. Change that at the top: Mo is a moderator, and may choose the reading with /use.`),
  );
}
