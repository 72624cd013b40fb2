// The WebSocket to the bot: requests with their answers, news, and connecting again when the line is lost.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;
const LOST = "The bot can't be reached. What you typed is still here; it is sent when you press Send again.";

export class Connection {
  // `hello` runs after each connecting, `news` for each message, `lost` when the line breaks.
  constructor({ hello, news, lost }) {
    this.on = { hello, news, lost };
    this.waiting = new Map();
    this.number = 0;
    this.pause = FIRST_PAUSE;
    this.open();
  }

  open() {
    this.socket = new WebSocket(`ws://${location.host}/socket`);
    this.socket.addEventListener("open", () => {
      this.pause = FIRST_PAUSE;
      this.on.hello();
    });
    this.socket.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => this.close());
  }

  close() {
    for (const done of this.waiting.values()) done({ wrong: LOST });
    this.waiting.clear();
    this.on.lost();
    setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  take(data) {
    if (data.news) return this.on.news(data.news);
    this.waiting.get(data.re)?.(data);
    this.waiting.delete(data.re);
  }

  // The answer to a request; `wrong` in it is a sentence for the person.
  ask(request) {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.resolve({ wrong: LOST });
    const n = ++this.number;
    this.socket.send(JSON.stringify({ n, ...request }));
    return new Promise((done) => this.waiting.set(n, done));
  }
}
