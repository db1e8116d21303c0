// Checks tables of a configuration key by key. A mistake is noted and a harmless value goes on in its place, so that one look finds them all.
import { type ConfigLines, lineOf } from './config-lines.ts';

/** What a value has to be, in the words of the message. */
export interface TextRule {
  readonly expected: string;
  readonly isMet: (text: string) => boolean;
}

export class Mistakes {
  readonly #found: { readonly line: number | null; readonly text: string }[] = [];
  readonly #file: string;
  readonly #lines: ConfigLines;

  constructor(file: string, lines: ConfigLines) {
    this.#file = file;
    this.#lines = lines;
  }

  add(path: string, message: string): void {
    const line = lineOf(this.#lines, path);
    const place = line === null ? this.#file : `${this.#file}, line ${line}`;
    this.#found.push({ line, text: `${place}: ${path}: ${message}` });
  }

  /** In the order of the file; what is missing altogether comes first. */
  get all(): string[] {
    return this.#found.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)).map(({ text }) => text);
  }
}

type Table = Readonly<Record<string, unknown>>;

/** Longest piece of a wrong value that a message shows. */
const SHOWN_CHARACTERS = 60;
/** Keys this many letters apart may be meant for one another. */
const LETTERS_APART = 3;

/** One table: ask for each key once, then `done`. */
export class TableCheck {
  readonly path: string;
  readonly #table: Table;
  readonly #mistakes: Mistakes;
  readonly #asked = new Set<string>();

  constructor(value: unknown, path: string, mistakes: Mistakes) {
    this.path = path;
    this.#mistakes = mistakes;
    this.#table = isTable(value) ? value : {};
    if (value !== undefined && !isTable(value)) mistakes.add(path, `expected a table, got ${shown(value)}`);
  }

  has(key: string): boolean {
    return this.#take(key) !== undefined;
  }

  text<Fallback>(key: string, rule: TextRule, fallback: Fallback): string | Fallback {
    const value = this.#take(key);
    if (value === undefined) return fallback;
    if (typeof value === 'string' && rule.isMet(value)) return value;
    this.#refuse(key, rule.expected, value);
    return fallback;
  }

  oneOf<const Choice extends string>(key: string, choices: readonly Choice[], fallback: Choice): Choice {
    const expected = `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`;
    return this.text(key, { expected, isMet: (text) => choices.includes(text as Choice) }, fallback) as Choice;
  }

  /** A list with at least one of these, each once. */
  someOf<const Choice extends string>(
    key: string,
    choices: readonly Choice[],
    fallback: readonly Choice[],
  ): readonly Choice[] {
    const value = this.#take(key);
    if (value === undefined) return fallback;
    const isFine =
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((one) => choices.includes(one)) &&
      new Set(value).size === value.length;
    if (isFine) return value as Choice[];
    this.#refuse(key, `a list of ${choices.map((choice) => `"${choice}"`).join(', ')}, each at most once`, value);
    return fallback;
  }

  /** A list of texts, each once; none when it is left out. */
  texts(key: string, rule: TextRule, countMax: number): readonly string[] {
    const value = this.#take(key);
    if (value === undefined) return [];
    const isFine =
      Array.isArray(value) &&
      value.length <= countMax &&
      value.every((one) => typeof one === 'string' && rule.isMet(one)) &&
      new Set(value).size === value.length;
    if (isFine) return value as string[];
    this.#refuse(key, `a list of at most ${countMax}, each ${rule.expected} and there once`, value);
    return [];
  }

  whole<Fallback>(key: string, min: number, max: number, fallback: Fallback): number | Fallback {
    const value = this.#take(key);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.#refuse(key, `a whole number ${min}..${max}`, value);
    return fallback;
  }

  flag<Fallback>(key: string, fallback: Fallback): boolean | Fallback {
    const value = this.#take(key);
    if (value === undefined || typeof value === 'boolean') return value ?? fallback;
    this.#refuse(key, 'true or false', value);
    return fallback;
  }

  table(key: string): TableCheck {
    return new TableCheck(this.#take(key), this.#pathOf(key), this.#mistakes);
  }

  /** A list of tables, `[[key]]`. */
  tables(key: string, countMax: number): TableCheck[] {
    const value = this.#take(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#refuse(key, `tables under [[${key}]]`, value);
      return [];
    }
    if (value.length > countMax) this.mistake(key, `${value.length} of them, at most ${countMax} are possible`);
    return value
      .slice(0, countMax)
      .map((one, index) => new TableCheck(one, `${this.#pathOf(key)}[${index}]`, this.#mistakes));
  }

  missing(key: string, why: string): void {
    this.mistake(key, `missing: ${why}`);
  }

  mistake(key: string, message: string): void {
    this.#mistakes.add(this.#pathOf(key), message);
  }

  /** Everything that nobody asked for is unknown here. */
  done(): void {
    for (const key of Object.keys(this.#table)) {
      if (this.#asked.has(key)) continue;
      const known = [...this.#asked];
      const near = nearest(key, known);
      const hint = near === null ? `known are ${known.join(', ')}` : `did you mean "${near}"?`;
      this.mistake(key, `unknown key; ${hint}`);
    }
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return this.#table[key];
  }

  #refuse(key: string, expected: string, got: unknown): void {
    this.mistake(key, `expected ${expected}, got ${shown(got)}`);
  }

  #pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function shown(value: unknown): string {
  const text = value instanceof Date ? 'a date' : (JSON.stringify(value) ?? String(value));
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}...`;
}

/** The one that takes the fewest changed letters, if that is few. */
export function nearest(key: string, known: readonly string[]): string | null {
  const ranked = known
    .map((one) => ({ one, apart: lettersApart(key.toLowerCase(), one.toLowerCase()) }))
    .toSorted((a, b) => a.apart - b.apart);
  const best = ranked[0];
  return best !== undefined && best.apart <= Math.min(LETTERS_APART, best.one.length / 2) ? best.one : null;
}

/** Levenshtein's distance (1966), one row at a time. */
function lettersApart(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > LETTERS_APART) return LETTERS_APART + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
