// Text of a capture file -> its entries. A line that is broken costs that line; a last line without its end is what a crash leaves.

import { fromHex } from '../inspect/hex.ts';
import { type Decoded, decoded, refused } from '../wire-fault.ts';
import {
  CAPTURE_BEARER_MAX,
  CAPTURE_BYTES_MAX,
  CAPTURE_ENTRIES_MAX,
  CAPTURE_LINE_MAX,
  CAPTURE_TEXT_MAX,
  CAPTURE_VERSION,
  type CaptureEntry,
  type CaptureHeader,
  type CaptureSide,
} from './capture.ts';

export interface CaptureFault {
  /** The first line of a file is 1. */
  readonly line: number;
  readonly detail: string;
}

export interface Capture {
  readonly header: CaptureHeader;
  readonly entries: readonly CaptureEntry[];
  /** Lines that could not be read. */
  readonly faults: readonly CaptureFault[];
  /** Lines of a kind that is not known here. */
  readonly unknownCount: number;
  /** The last line has no end: whoever wrote it was stopped. It is left out. */
  readonly isCut: boolean;
}

/** Whether a file is meant to be a capture, by its first bytes. */
export function isCaptureText(text: string): boolean {
  return text.startsWith('{"maibo-capture"');
}

/** Never throws. Faults: `bad-shape` (no header), `unknown-number` (another version), `over-budget` (too many lines). */
export function readCapture(text: string): Decoded<Capture> {
  const isCut = !text.endsWith('\n');
  const lines = text.split('\n', CAPTURE_ENTRIES_MAX + 3);
  lines.pop();
  if (lines.length > CAPTURE_ENTRIES_MAX + 1)
    return refused('over-budget', 0, `more than ${CAPTURE_ENTRIES_MAX} entries`);
  const header = readHeader(objectOf(lines[0] ?? ''));
  if (!header.ok) return header;
  const entries: CaptureEntry[] = [];
  const faults: CaptureFault[] = [];
  let unknownCount = 0;
  let lastUs = 0;
  for (let index = 1; index < lines.length; index++) {
    const found = readEntry(objectOf(lines[index]!), lastUs);
    if (found === 'unknown') unknownCount++;
    else if (typeof found === 'string') faults.push({ line: index + 1, detail: found });
    else {
      lastUs = found.tUs;
      entries.push(found);
    }
  }
  return decoded({ header: header.value, entries, faults, unknownCount, isCut });
}

type Members = Readonly<Record<string, unknown>>;

/** Null for what is no JSON object. */
function objectOf(line: string): Members | null {
  if (line.length > CAPTURE_LINE_MAX) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
  } catch {
    return null;
  }
}

function readHeader(members: Members | null): Decoded<CaptureHeader> {
  const version = members?.['maibo-capture'];
  if (members === null || version === undefined)
    return refused('bad-shape', 0, 'the first line is no header of a capture');
  if (version !== CAPTURE_VERSION)
    return refused('unknown-number', 0, `a capture of version ${JSON.stringify(version)}`);
  const { side, bearer } = members;
  if (!isSide(side) || typeof bearer !== 'string' || bearer.length > CAPTURE_BEARER_MAX)
    return refused('bad-shape', 0, 'the header does not say side and bearer');
  return decoded({ side, bearer });
}

/** The entry, 'unknown', or what is wrong. */
function readEntry(members: Members | null, lastUs: number): CaptureEntry | string {
  if (members === null) return 'no JSON object, or one that is too long';
  const { t: tUs, from, packet, message, event } = members;
  if (!isCount(tUs) || tUs < lastUs) return 'a time that is no count of microseconds, or goes back';
  if (typeof event === 'string') return { kind: 'event', tUs, text: event.slice(0, CAPTURE_TEXT_MAX) };
  if (packet === undefined && message === undefined) return 'unknown';
  if (!isSide(from)) return 'neither from the host nor from the device';
  if (message !== undefined) return readMessage(tUs, from, message as Members | null);
  const bytes = bytesOf(packet);
  return bytes === null ? 'a packet that is no hexadecimal digits, or too long' : { kind: 'packet', tUs, from, bytes };
}

function readMessage(tUs: number, from: CaptureSide, message: Members | null): CaptureEntry | string {
  const { channel = null, size, bytes: hex } = message ?? {};
  const bytes = hex === undefined ? null : bytesOf(hex);
  if (!isCount(size) || (channel !== null && !isCount(channel))) return 'a message without its size';
  if (hex !== undefined && bytes?.length !== size) return 'a message whose bytes are not what its size says';
  return { kind: 'message', tUs, from, channel, size, bytes };
}

function isSide(value: unknown): value is CaptureSide {
  return value === 'host' || value === 'device';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function bytesOf(hex: unknown): Uint8Array | null {
  if (typeof hex !== 'string' || hex.length > 2 * CAPTURE_BYTES_MAX || !/^(?:[0-9a-f]{2})*$/.test(hex)) return null;
  return fromHex(hex);
}
