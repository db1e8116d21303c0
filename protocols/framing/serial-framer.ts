// Frames on a byte stream (UART, USB serial, pty, TCP):  COBS( payload || CRC-32C little endian ) 0x00
// The framer takes chunks as they come, gives whole payloads, and is ready for the next good frame after any junk.

import { type Decoded, decoded, refused, type WireFaultCode } from '../wire-fault.ts';
import { cobsBytesMax, decodeCobs, encodeCobs } from './cobs.ts';
import { crc32c } from './crc32c.ts';

const CHECK_BYTES = 4;
/** One message (SPEC.md, "Limits"). */
export const FRAME_PAYLOAD_MAX = 16_383;
/** The longest frame on the wire, its closing 0x00 included. */
export const FRAME_BYTES_MAX = cobsBytesMax(FRAME_PAYLOAD_MAX + CHECK_BYTES) + 1;

/** A payload in memory of its own, or what was wrong with one frame; `at` counts from the start of that frame. */
export type FrameOrFault = Decoded<Uint8Array>;

/** Throws TypeError on an empty payload or one over FRAME_PAYLOAD_MAX. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  const size = payload.length;
  if (size === 0 || size > FRAME_PAYLOAD_MAX)
    throw new TypeError(`payload of ${size} bytes, expected 1..${FRAME_PAYLOAD_MAX}`);
  const checked = new Uint8Array(size + CHECK_BYTES);
  checked.set(payload);
  new DataView(checked.buffer).setUint32(size, crc32c(payload), true);
  const frame = new Uint8Array(cobsBytesMax(checked.length) + 1);
  const end = encodeCobs(checked, frame, 0);
  // frame[end] is already the closing 0x00.
  return frame.subarray(0, end + 1);
}

/** One frame without its closing 0x00. */
export function decodeFrame(bytes: Uint8Array): FrameOrFault {
  return decodeBetween(bytes, 0, bytes.length);
}

function decodeBetween(bytes: Uint8Array, from: number, to: number): FrameOrFault {
  if (to - from + 1 > FRAME_BYTES_MAX)
    return refused('too-long', 0, `${to - from + 1} bytes, at most ${FRAME_BYTES_MAX}`);
  const size = decodeCobs(bytes, from, to, data);
  if (size < 0) return refused('torn', to - from, 'the last COBS group is cut short');
  const payloadSize = size - CHECK_BYTES;
  if (payloadSize < 1) return refused('torn', to - from, `${size} bytes, fewer than a payload and its check`);
  const check = (data[size - 4]! | (data[size - 3]! << 8) | (data[size - 2]! << 16) | (data[size - 1]! << 24)) >>> 0;
  const found = crc32c(data, 0, payloadSize);
  if (found !== check) return refused('bad-check', 0, `CRC-32C is ${hex32(found)}, the frame says ${hex32(check)}`);
  return decoded(data.slice(0, payloadSize));
}

/** Decoding is synchronous and copies its result out, so every framer can use the same scratch memory. */
const data = new Uint8Array(FRAME_BYTES_MAX);

export interface FramerCounts {
  readonly frames: number;
  readonly faults: Readonly<Partial<Record<WireFaultCode, number>>>;
  /** Bytes that ended up in no good frame. */
  readonly junkBytes: number;
}

/**
 * One direction of one stream.
 *
 *     const framer = new SerialFramer();
 *     for (const frame of framer.push(chunk)) if (frame.ok) take(frame.value);
 */
export class SerialFramer {
  /** The beginning of a frame whose end has not come yet. */
  private readonly pending = new Uint8Array(FRAME_BYTES_MAX);
  private pendingSize = 0;
  /** An over-long frame is passing; nothing of it is kept until its 0x00. */
  private isDropping = false;
  private frames = 0;
  private readonly faults: Partial<Record<WireFaultCode, number>> = {};
  private junkBytes = 0;

  /** What the chunk completed, in order. Keeps no reference to the chunk. */
  push(chunk: Uint8Array): FrameOrFault[] {
    const found: FrameOrFault[] = [];
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(0, from);
      if (end < 0) break;
      this.close(chunk, from, end, found);
      from = end + 1;
    }
    this.keep(chunk, from, found);
    return found;
  }

  get counts(): FramerCounts {
    return { frames: this.frames, faults: { ...this.faults }, junkBytes: this.junkBytes };
  }

  /** Forgets a half-received frame, as on reopening the port. The counts stay. */
  reset(): void {
    this.junkBytes += this.pendingSize;
    this.pendingSize = 0;
    this.isDropping = false;
  }

  /** chunk[end] is a 0x00: whatever stands before it is one frame. */
  private close(chunk: Uint8Array, from: number, end: number, found: FrameOrFault[]): void {
    if (this.isDropping) {
      this.junkBytes += end - from + 1;
      this.isDropping = false;
    } else if (this.pendingSize === 0) {
      // A 0x00 with nothing before it is how a sender flushes our side on (re)open.
      if (end > from) this.count(decodeBetween(chunk, from, end), end - from + 1, found);
    } else {
      this.keep(chunk.subarray(0, end), from, found);
      const size = this.pendingSize;
      this.pendingSize = 0;
      if (this.isDropping) {
        this.isDropping = false;
        this.junkBytes++;
      } else this.count(decodeBetween(this.pending, 0, size), size + 1, found);
    }
  }

  private keep(chunk: Uint8Array, from: number, found: FrameOrFault[]): void {
    const size = chunk.length - from;
    if (this.isDropping) {
      this.junkBytes += size;
    } else if (this.pendingSize + size >= FRAME_BYTES_MAX) {
      // Even with its 0x00 next it would be too long.
      const total = this.pendingSize + size;
      this.isDropping = true;
      this.pendingSize = 0;
      this.count(refused('too-long', 0, `no end within ${FRAME_BYTES_MAX} bytes`), total, found);
    } else if (size > 0) {
      this.pending.set(chunk.subarray(from), this.pendingSize);
      this.pendingSize += size;
    }
  }

  private count(frame: FrameOrFault, size: number, found: FrameOrFault[]): void {
    if (frame.ok) this.frames++;
    else {
      this.faults[frame.fault.code] = (this.faults[frame.fault.code] ?? 0) + 1;
      this.junkBytes += size;
    }
    found.push(frame);
  }
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
