// The room in the page's address: `#/channel`, or `#/channel/7` for the thread under message 7.

export function addressOf({ channel, thread }) {
  return thread ? `#/${channel}/${thread}` : `#/${channel}`;
}

// The room that an address names. Where it names none, that is the first channel; what is no number is no thread.
export function roomAt(hash, channels) {
  const [, channel, number = ""] = hash.split("/");
  if (!channels.some((one) => one.id === channel)) return { channel: channels[0].id, thread: 0 };
  const thread = /^[1-9]\d*$/.test(number) ? Number(number) : 0;
  return { channel, thread: Number.isSafeInteger(thread) ? thread : 0 };
}
