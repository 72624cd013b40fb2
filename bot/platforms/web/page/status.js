// The status line. A sentence in it is about something, and stands until that is over; the latest one is shown.

import { byId } from "./dom.js";

export const CONNECTION = "connection";

const said = new Map();

// Say something about `about`, which is any value that tells it apart. No words: it is over.
export function tell(about, words = "") {
  said.delete(about);
  if (words) said.set(about, words);
  show();
}

// What was said about a room is over once it is left; the connection is the same in all of them.
export function forgetRoom() {
  for (const about of [...said.keys()]) if (about !== CONNECTION) said.delete(about);
  show();
}

function show() {
  const words = [...said.values()].at(-1) ?? "";
  if (byId("status").textContent !== words) byId("status").textContent = words;
}
