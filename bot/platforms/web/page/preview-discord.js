// Discord's embeds and buttons, and so much of its Markdown as the bot writes.

import { make } from "./dom.js";

const LIMITS = { characters: 6000, embeds: 10 };
// In their order: an escaped mark, code, bold, italic, a link, a time.
const MARKS = /\\(?<plain>[^\s\w])|`(?<code>[^`]+)`|\*\*(?<bold>(?:\\.|[^\\])+?)\*\*|\*(?<italic>(?:\\.|[^\\*])+?)\*|\[(?<label>(?:\\.|[^\]\\])+)\]\((?<url>[^)\s]+)\)|<t:(?<time>\d+):f>/su;

export function drawDiscord({ embeds, components }, picture) {
  const texts = embeds.flatMap((one) => [one.title, one.description, one.author?.name, one.footer?.text]);
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  return make(
    "div",
    { class: "discord" },
    embeds.map((embed) => drawEmbed(embed, picture)),
    components.map((row) => make("p", { class: "row" }, row.components.map((one) => make("span", { class: "pressable" }, one.label)))),
    make("p", { class: "count" }, `${length.toLocaleString("en")} of ${LIMITS.characters.toLocaleString("en")} characters, ` +
      `${embeds.length} of ${LIMITS.embeds} embeds`),
  );
}

function drawEmbed(embed, picture) {
  const made = make(
    "div",
    { class: "embed" },
    embed.author ? make("p", { class: "author" }, embed.author.name) : "",
    embed.title ? make("p", { class: "title" }, inline(embed.title)) : "",
    lines(embed.description ?? ""),
    embed.image && picture ? make("img", { src: picture.src, alt: picture.alt }) : "",
    embed.footer ? make("p", { class: "footer" }, embed.footer.text) : "",
  );
  made.style.borderLeftColor = `#${embed.color.toString(16).padStart(6, "0")}`;
  return made;
}

function lines(text) {
  const made = [];
  for (const line of text.split("\n")) {
    const [tag, rest] = line.startsWith("> ") ? ["BLOCKQUOTE", line.slice(2)] : line.startsWith("- ") ? ["UL", line.slice(2)] : ["P", line];
    const shown = make(tag === "UL" ? "li" : "p", {}, inline(rest));
    if (tag === "P") made.push(shown);
    else if (made.at(-1)?.tagName === tag) made.at(-1).append(shown);
    else made.push(make(tag, {}, shown));
  }
  return made;
}

function inline(text) {
  const found = MARKS.exec(text);
  if (!found) return [text];
  const { plain, code, bold, italic, label, url, time } = found.groups;
  const shown =
    plain ??
    (code && make("code", {}, code)) ??
    (bold && make("strong", {}, inline(bold))) ??
    (italic && make("em", {}, inline(italic))) ??
    (label && make("span", { class: "link", title: url }, inline(label))) ??
    new Date(Number(time) * 1000).toLocaleString();
  return [text.slice(0, found.index), shown, ...inline(text.slice(found.index + found[0].length))];
}
