// Writes a capture line by line into whatever takes lines: a file opened for appending, a list in a test. No IO of its own.

import { toHex } from '../inspect/hex.ts';
import {
  CAPTURE_BEARER_MAX,
  CAPTURE_BYTES_MAX,
  CAPTURE_ENTRIES_MAX,
  CAPTURE_TEXT_MAX,
  CAPTURE_VERSION,
  type CaptureHeader,
  type CaptureSide,
} from './capture.ts';

/**
 *     const capture = new CaptureWriter((line) => appendFileSync(path, line), { side: 'host', bearer: 'ble' });
 *     capture.packet(clock.nowUs(), 'device', bytes);
 */
export class CaptureWriter {
  readonly #write: (line: string) => void;
  readonly #entriesMax: number;
  #startUs: number | null = null;
  #lastUs = 0;
  #entries = 0;

  /** `write` gets whole lines with their newline. Beyond `entriesMax` the last line says that it is full, and nothing follows. */
  constructor(write: (line: string) => void, { side, bearer }: CaptureHeader, entriesMax = CAPTURE_ENTRIES_MAX) {
    this.#write = write;
    this.#entriesMax = Math.min(entriesMax, CAPTURE_ENTRIES_MAX);
    this.#line({ 'maibo-capture': CAPTURE_VERSION, side, bearer: bearer.slice(0, CAPTURE_BEARER_MAX) });
  }

  /** `nowUs` counts on any clock that does not go back; the first entry is at 0. */
  packet(nowUs: number, from: CaptureSide, bytes: Uint8Array): void {
    this.#entry(nowUs, { from, packet: hexOf(bytes) });
  }

  /** Give `bytes` only for what goes in clear and holds nothing measured: of all others the size is written. */
  message(
    nowUs: number,
    from: CaptureSide,
    channel: number | null,
    size: number,
    bytes: Uint8Array | null = null,
  ): void {
    this.#entry(nowUs, { from, message: { channel, size, ...(bytes !== null && { bytes: hexOf(bytes) }) } });
  }

  event(nowUs: number, text: string): void {
    this.#entry(nowUs, { event: text.slice(0, CAPTURE_TEXT_MAX) });
  }

  #entry(nowUs: number, what: object): void {
    if (this.#entries >= this.#entriesMax) return;
    this.#startUs ??= nowUs;
    this.#lastUs = Math.max(this.#lastUs, Math.round(nowUs - this.#startUs));
    const isFull = ++this.#entries === this.#entriesMax;
    this.#line({ t: this.#lastUs, ...(isFull ? { event: 'full: nothing more is written' } : what) });
  }

  #line(value: object): void {
    this.#write(`${JSON.stringify(value)}\n`);
  }
}

function hexOf(bytes: Uint8Array): string {
  if (bytes.length > CAPTURE_BYTES_MAX) throw new RangeError(`${bytes.length} bytes, at most ${CAPTURE_BYTES_MAX}`);
  return toHex(bytes);
}
