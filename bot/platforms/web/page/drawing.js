// Messages as elements: who wrote, what the bot answered in its three voices, and what can be done with it.

import { make, plural } from "./dom.js";

const VOICES = { reading: "Reading", background: "Background", member: "Members", bot: "" };
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// How a message's thread is called, with so many messages in it.
export const threadLabel = (replies) => (replies ? `Thread: ${plural(replies, "message")}` : "Open a thread");

// `act` has press, thread, preview, dismiss and act; `act.offered` lists what may be done with any message.
export function message(shown, act) {
  const classes = ["message", shown.reply ? "answered" : "", shown.private ? "private" : ""].filter(Boolean).join(" ");
  return make(
    "article",
    { class: classes, id: `message-${shown.id}`, "aria-labelledby": `by-${shown.id}` },
    head(shown),
    shown.reply ? reply(shown.reply, (...pressed) => act.press(shown, ...pressed)) : make("p", { class: "said", dir: "auto" }, shown.words),
    actions(shown, act),
  );
}

function words(blocks, { before = "", after = "", marks = ["", ""], paragraph = { dir: "auto" } }) {
  const made = [];
  blocks.forEach((block, number) => {
    const first = number === 0 && before ? [make("bdi", { class: "lead" }, before), " "] : [];
    const last = number === blocks.length - 1 && after ? [" ", make("bdi", { class: "tail" }, after)] : [];
    const open = number === 0 ? marks[0] : "";
    const close = number === blocks.length - 1 ? marks[1] : "";
    const line = [...first, open, ...block.runs.map(run), close, ...last];
    const list = made.at(-1);
    if (!block.bullet) made.push(make("p", paragraph, line));
    else if (list?.tagName === "UL") list.append(make("li", paragraph, line));
    else made.push(make("ul", {}, make("li", paragraph, line)));
  });
  return made;
}

function run(one) {
  let shown = one.text;
  if (one.code) shown = make("code", { dir: "auto" }, shown);
  if (one.bold) shown = make("strong", {}, shown);
  if (one.italic) shown = make("em", {}, shown);
  if (!one.url) return shown;
  if (one.url.startsWith("#")) return make("a", { href: one.url }, shown);
  return make("a", { href: one.url, target: "_blank", rel: "noreferrer" }, shown);
}

function head(shown) {
  const what = {
    said: make("span", { class: "unseen" }, "said"),
    typed: ["asked ", make("code", { dir: "auto" }, shown.words)],
    pressed: ["pressed ", make("q", { dir: "auto" }, shown.words)],
    posted: make("span", { class: "unseen" }, "posted"),
  };
  const moderator = shown.moderator ? [make("span", { class: "mark" }, "moderator"), " "] : [];
  const said = [
    make("span", { id: `by-${shown.id}`, class: "by" }, make("strong", {}, shown.name), " ", moderator, make("span", {}, what[shown.how])),
    time(shown.written),
    shown.private ? make("span", { class: "mark only" }, "Only you see this") : "",
  ];
  return make("p", { class: "head" }, said.filter(Boolean).flatMap((one) => [one, " "]));
}

function time(written) {
  const when = new Date(written);
  const today = when.toDateString() === new Date().toDateString();
  const clock = when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const day = when.toLocaleDateString([], { day: "numeric", month: "short" });
  const title = `${when.toLocaleString([], { dateStyle: "long", timeStyle: "short" })} ${zone}`;
  return make("time", { dateTime: written, title }, today ? clock : `${day}, ${clock}`);
}

function reply(shown, press) {
  const corner = shown.reading ? make("p", { class: "corner", dir: "auto" }, `Reading: ${shown.reading}`) : "";
  return make(
    "div",
    { class: shown.refused ? "reply refused" : "reply" },
    make("p", { class: "author" }, "Readalong"),
    shown.title ? make("h3", { dir: "auto" }, shown.title) : "",
    corner,
    shown.groups.map((group) => voice(group)),
    shown.picture ? picture(shown.picture) : "",
    shown.files.map(file),
    shown.buttons.length ? make("p", { class: "buttons" }, shown.buttons.map((button, number) => pressable(button, number, press))) : "",
  );
}

function voice(group) {
  const label = VOICES[group.voice] ? make("p", { class: "voice-name" }, VOICES[group.voice]) : "";
  return make("div", { class: `voice ${group.voice}` }, label, group.parts.map(part));
}

function part(one) {
  const heading = one.heading ? make("p", { class: "part-name", dir: "auto" }, one.heading) : "";
  if (one.quoted && one.marks) {
    const label = make("p", { class: "lead" }, one.before);
    return make("div", { class: "part" }, heading, make("blockquote", { dir: "auto" }, words(one.blocks, { marks: one.marks, paragraph: {} })), label);
  }
  if (one.when) {
    const by = make("p", {}, make("bdi", { class: "lead" }, one.before), ", ", time(one.when));
    return make("div", { class: "part" }, heading, by, words(one.blocks, {}), make("p", {}, make("a", { href: one.link }, "Open")));
  }
  return make("div", { class: "part" }, heading, words(one.blocks, one));
}

function picture(shown) {
  if (!shown.caption) return make("figure", { class: "chart" }, make("img", { src: shown.src, alt: shown.alt }));
  return make(
    "figure",
    { "aria-label": `Picture: ${shown.caption}` },
    make("p", { class: "voice-name" }, "Background"),
    make("img", { src: shown.src, alt: shown.alt }),
    make("figcaption", { dir: "auto" }, `${shown.caption}. `, make("a", { href: shown.src, target: "_blank" }, "Open at full size")),
  );
}

// A file is given once, to whoever asked; what the page was told again has its name alone.
function file(one) {
  if (one.data === null) return make("p", { class: "file" }, `${one.name}: ask again to have this file.`);
  const bytes = Uint8Array.from(atob(one.data), (letter) => letter.charCodeAt(0));
  const href = URL.createObjectURL(new Blob([bytes], { type: one.kind }));
  return make("p", { class: "file" }, make("a", { href, download: one.name }, `Save ${one.name}`), ` (${bytes.length.toLocaleString()} bytes)`);
}

function pressable(button, number, press) {
  const title = button.public ? "Posts it for everybody in this channel" : button.once ? "Does it at once" : "Shows it to you";
  const onclick = (event) => press(number, [...event.currentTarget.parentElement.children]);
  return make("button", { type: "button", title, onclick }, button.label);
}

function actions(shown, act) {
  const made = [];
  if (!shown.thread && !shown.private && shown.channel !== "direct") {
    const label = shown.how === "posted" && !shown.replies ? "Open its thread" : threadLabel(shown.replies);
    made.push(make("button", { type: "button", class: "thread", onclick: () => act.thread(shown) }, label));
  }
  if (shown.reply) made.push(make("button", { type: "button", onclick: () => act.preview(shown) }, "Preview"));
  if (!shown.private && shown.channel !== "direct" && ["said", "posted"].includes(shown.how)) {
    for (const one of act.offered()) {
      made.push(make("button", { type: "button", onclick: (event) => act.act(shown, one.name, [event.currentTarget]) }, one.label));
    }
  }
  if (shown.private) made.push(make("button", { type: "button", onclick: (event) => act.dismiss(shown, [event.currentTarget]) }, "Dismiss"));
  return made.length ? make("p", { class: "actions" }, made) : "";
}
