// Slack's blocks, those that the bot sends.

import { make } from "./dom.js";

const MOST_BLOCKS = 50;

export function drawSlack({ blocks }, picture) {
  return make(
    "div",
    { class: "slack" },
    make("p", { class: "author" }, "Readalong ", make("span", {}, "APP")),
    blocks.map((block) => drawBlock(block, picture)),
    make("p", { class: "count" }, `${blocks.length} of ${MOST_BLOCKS} blocks`),
  );
}

function drawBlock(block, picture) {
  switch (block.type) {
    case "header":
      return make("p", { class: "title" }, block.text.text);
    case "divider":
      return make("hr");
    case "context":
      return make("p", { class: "footer" }, block.elements.map((one) => one.text));
    case "actions":
      return make("p", { class: "row" }, block.elements.map((one) => make("span", { class: "pressable" }, one.text.text)));
    case "image":
      return picture ? make("img", { src: picture.src, alt: block.alt_text }) : "";
    default:
      return make("div", {}, block.elements.map(rich));
  }
}

function rich(element) {
  const inside = () => element.elements.map(rich);
  switch (element.type) {
    case "rich_text_section":
      return make("p", {}, inside());
    case "rich_text_quote":
      return make("blockquote", {}, inside());
    case "rich_text_list":
      return make("ul", {}, element.elements.map((one) => make("li", {}, one.elements.map(rich))));
    case "link":
      return make("span", { class: "link", title: element.url }, element.text);
    case "date":
      return new Date(element.timestamp * 1000).toLocaleString();
    default:
      return styled(element);
  }
}

function styled({ text, style = {} }) {
  const tags = { code: "code", bold: "strong", italic: "em" };
  return Object.entries(tags).reduce((shown, [name, tag]) => (style[name] ? make(tag, {}, shown) : shown), text);
}
