// How a command speaks while it waits: lines of news on stdout, and how things stand on stderr, in one line that is written anew on a
// terminal, and as a line of its own elsewhere.

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[2K';
const COLUMNS = 80;

export class Voice {
  readonly #news: Screen;
  readonly #state: Screen;
  #shown = '';

  constructor(news: Screen = process.stdout, state: Screen = process.stderr) {
    this.#news = news;
    this.#state = state;
  }

  /** Something that stays. */
  line(text: string): void {
    this.#clear();
    this.#news.write(`${text}\n`);
  }

  /** How things stand. Said once as long as it stays the same. */
  progress(text: string): void {
    if (text === this.#shown) return;
    if (this.#state.isTTY) {
      const columns = (this.#state.columns ?? COLUMNS) - 1;
      this.#state.write(`${CLEAR_LINE}${text.length > columns ? text.slice(0, columns) : text}`);
    } else this.#state.write(`${text}\n`);
    this.#shown = text;
  }

  /** As `progress`, only where it can be written over: what changes every second fills a log. */
  tick(text: string): void {
    if (this.#state.isTTY) this.progress(text);
  }

  /** A remark that stays and is no news. */
  remark(text: string): void {
    this.#clear();
    this.#state.write(`${text}\n`);
  }

  done(): void {
    this.#clear();
  }

  #clear(): void {
    if (this.#state.isTTY && this.#shown !== '') this.#state.write(CLEAR_LINE);
    this.#shown = '';
  }
}
