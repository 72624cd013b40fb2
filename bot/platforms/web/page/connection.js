// The WebSocket to the bot: requests with their answers, news, and connecting again when the line is lost.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;
const PATIENCE = 10_000; // milliseconds that an answer may take
const LARGEST = 60_000; // bytes of a request; at 64,000 the bot would end the connection

// What an answer is where the bot gave none. `unanswered` says why.
export const UNREACHED = { unanswered: "lost", wrong: "The bot can't be reached; try again in a moment." };
const LATE = { unanswered: "late", wrong: "The bot has not answered for 10 seconds; try again in a moment." };
const TOO_LONG = { wrong: "This is far too long to be sent. A message has at most 6,000 characters." };

export class Connection {
  // `hello` runs after each connecting, `news` for each message, `gone` for the id of one that was dismissed elsewhere,
  // `lost` once when the line breaks.
  constructor({ hello, news, gone, lost }) {
    this.on = { hello, news, gone, lost };
    this.waiting = new Map();
    this.number = 0;
    this.pause = FIRST_PAUSE;
    this.open();
  }

  open() {
    this.socket = new WebSocket(`ws://${location.host}/socket`);
    this.socket.addEventListener("open", () => {
      this.pause = FIRST_PAUSE;
      this.isLost = false;
      this.on.hello();
    });
    this.socket.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => this.close());
  }

  close() {
    // The last first, so that what is put back into the message field ends up in its order.
    for (const re of [...this.waiting.keys()].reverse()) this.take({ re, ...UNREACHED });
    if (!this.isLost) this.on.lost();
    this.isLost = true;
    setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  take(data) {
    if (data.news) return this.on.news(data.news);
    if (data.gone) return this.on.gone(data.gone);
    this.waiting.get(data.re)?.(data);
    this.waiting.delete(data.re);
  }

  // The answer to a request; `wrong` in it is a sentence for the person.
  ask(request) {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.resolve(UNREACHED);
    const n = ++this.number;
    const text = JSON.stringify({ n, ...request });
    if (new TextEncoder().encode(text).length > LARGEST) return Promise.resolve(TOO_LONG);
    this.socket.send(text);
    return new Promise((done) => {
      const late = setTimeout(() => this.take({ re: n, ...LATE }), PATIENCE);
      this.waiting.set(n, (answer) => {
        clearTimeout(late);
        done(answer);
      });
    });
  }
}
