// Whole numbers out of lines of text, as a board prints them: `Serial.println(analogRead(A0))`. Bytes in, samples out, however they are cut.
//
//   "51"  "2\r\n513\n!\nets Jun"  ...     the first column of each line is a sample, and a line without a number is one that is missing
//
// What a boot loader says comes before the first number and is skipped. So is the line in which reading began: nobody knows how it began.

/** The column of a number stands within the first so many bytes; a longer line is none of a board that prints numbers. */
export const LINE_BYTES_MAX = 256;
/** Of a line that is no number, so many characters are kept to be shown. */
const SHOWN_CHARS_MAX = 24;

const LF = 0x0a;
const CR = 0x0d;
/** A sign and digits, and behind them nothing or another column. More digits than this are out of every range. */
const NUMBER = /^[ \t]*([+-]?\d{1,12})[ \t]*(?:[,;\t ].*)?$/s;

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

export class NumberLines {
  /** Lines without a number, and lines too long. */
  junkCount = 0;
  /** Numbers that can be none of this signal. */
  outsideCount = 0;
  /** Numbers that count. */
  numberCount = 0;
  /** The newest line that gave no number, printable and short; '' when there was none. */
  oddText = '';
  readonly #range: NumberRange;
  readonly #line = new Uint8Array(LINE_BYTES_MAX);
  #lineBytes = 0;
  /** The line in which reading began has not ended. */
  #isTorn = true;

  constructor(range: NumberRange) {
    this.#range = range;
  }

  /** The samples of the lines that end in this chunk: NaN for one that is missing. None before the first number. */
  push(chunk: Uint8Array): number[] {
    const samples: number[] = [];
    for (const byte of chunk) {
      if (byte === LF || byte === CR) this.#endLine(samples);
      else if (this.#lineBytes < LINE_BYTES_MAX) this.#line[this.#lineBytes++] = byte;
      else this.#lineBytes = LINE_BYTES_MAX + 1;
    }
    return samples;
  }

  #endLine(samples: number[]): void {
    const bytes = this.#lineBytes;
    const isTorn = this.#isTorn;
    this.#lineBytes = 0;
    this.#isTorn = false;
    if (isTorn) return;
    const text = latin1(this.#line.subarray(0, Math.min(bytes, LINE_BYTES_MAX)));
    // Between CR and LF, and where a sketch prints an empty line, there is nothing that could be missing.
    if (text.trim() === '') return;
    const sample = bytes > LINE_BYTES_MAX ? this.#junk(text) : this.#sampleOf(text);
    if (this.numberCount > 0) samples.push(sample);
  }

  #sampleOf(text: string): number {
    const digits = NUMBER.exec(text)?.[1];
    if (digits === undefined) return this.#junk(text);
    const number = Number(digits);
    if (number < this.#range.min || number > this.#range.max) {
      this.outsideCount++;
      this.oddText = shown(text);
      return Number.NaN;
    }
    this.numberCount++;
    return number;
  }

  #junk(text: string): number {
    this.junkCount++;
    this.oddText = shown(text);
    return Number.NaN;
  }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** For a terminal, which obeys control characters. */
function shown(text: string): string {
  const printable = text.replace(/[^ -~]/g, '?').trim();
  return printable.length > SHOWN_CHARS_MAX ? `${printable.slice(0, SHOWN_CHARS_MAX)}...` : printable;
}
