// The short way for notifications. Nearly all messages of a busy radio are one signal: PropertiesChanged of a characteristic, with the new
// Value and nothing else. Those are taken off the stream here; all others, and whatever looks unusual, reach the library's reader untouched.
//
//   header 16 B   endian, type, flags, version | body length | serial | length of fields
//   fields        (code, variant) each at a multiple of 8: path 1, interface 2, member 3, sender 7, ...
//   body          interface s | a{sv}: "Value" -> ay | as, empty          (D-Bus Specification, "Message Protocol", "Marshaling")
import type { Duplex } from 'node:stream';
import { GATT_CHARACTERISTIC, PROPERTIES } from './bluez-names.ts';

/** The value is a view of the message's memory, which nobody else uses. */
export type OnValue = (sender: string, path: string, value: Uint8Array) => void;

const HEADER_BYTES = 16;
const LITTLE_ENDIAN = 0x6c;
const SIGNAL = 4;
const FIELD = { path: 1, interface: 2, member: 3, sender: 7 } as const;
const SIGNATURE_FIELD = 8;

const ascii = (text: string) => Buffer.from(text, 'latin1');
const PROPERTIES_TEXT = ascii(PROPERTIES);
const MEMBER_TEXT = ascii('PropertiesChanged');
const INTERFACE_TEXT = ascii(GATT_CHARACTERISTIC);
/** A key of 5 characters, its NUL, and the signature of its value. */
const VALUE_ENTRY = Buffer.concat([ascii('\x05\0\0\0Value\0'), ascii('\x02ay\0')]);

/** Puts itself before whoever reads messages from the stream: a header of 16 bytes first, then the rest in one piece. */
export function tapValues(stream: Duplex, onValue: OnValue): void {
  const read = stream.read.bind(stream) as (size?: number) => Buffer | null;
  let header: Buffer | null = null;
  let rest: Buffer | null = null;
  stream.read = (size) => {
    // The stream's own way to ask for more from below.
    if (size === 0) return read(0);
    if (rest !== null) {
      const bytes = rest;
      rest = null;
      return bytes;
    }
    for (;;) {
      header ??= read(HEADER_BYTES);
      if (header === null) return null;
      const bytes = read(restBytes(header));
      if (bytes === null) return null;
      const head = header;
      header = null;
      if (!takeValue(head, bytes, onValue)) {
        rest = bytes;
        return head;
      }
    }
  };
}

const padded = (at: number, multiple: number) => (at + multiple - 1) & -multiple;

function restBytes(header: Buffer): number {
  const isLittle = header[0] === LITTLE_ENDIAN;
  const [bodyBytes, fieldBytes] = isLittle
    ? [header.readUInt32LE(4), header.readUInt32LE(12)]
    : [header.readUInt32BE(4), header.readUInt32BE(12)];
  return Math.ceil(fieldBytes / 8) * 8 + bodyBytes;
}

/** False: not such a signal. `bytes` begin at a multiple of 8 of the message. */
function takeValue(header: Buffer, bytes: Buffer, onValue: OnValue): boolean {
  if (header[0] !== LITTLE_ENDIAN || header[1] !== SIGNAL) return false;
  const fieldsEnd = header.readUInt32LE(12);
  let path = '';
  let sender = '';
  for (let at = 0; at < fieldsEnd; ) {
    const code = bytes[at];
    if (code === SIGNATURE_FIELD) {
      at = padded(at + 4 + (bytes[at + 4] ?? 0) + 2, 8);
      continue;
    }
    // (code, 1, type, NUL), the length, the text, NUL: what is of another type is of no such signal.
    const type = bytes[at + 2];
    if (type !== 0x6f && type !== 0x73) return false;
    const start = at + 8;
    const end = start + bytes.readUInt32LE(at + 4);
    if (end > fieldsEnd) return false;
    if (code === FIELD.path) path = bytes.toString('latin1', start, end);
    else if (code === FIELD.sender) sender = bytes.toString('latin1', start, end);
    else if (code === FIELD.member && !isText(bytes, start, end, MEMBER_TEXT)) return false;
    else if (code === FIELD.interface && !isText(bytes, start, end, PROPERTIES_TEXT)) return false;
    at = padded(end + 1, 8);
  }
  const value = valueOfBody(bytes, padded(fieldsEnd, 8));
  if (value === null) return false;
  onValue(sender, path, value);
  return true;
}

function isText(bytes: Buffer, start: number, end: number, text: Buffer): boolean {
  return end - start === text.length && text.compare(bytes, start, end) === 0;
}

function valueOfBody(bytes: Buffer, bodyAt: number): Buffer | null {
  const nameAt = bodyAt + 4;
  const nameEnd = nameAt + INTERFACE_TEXT.length;
  // The array's entries begin at a multiple of 8, behind its length.
  const lengthAt = padded(nameEnd + 1, 4);
  const entryAt = padded(lengthAt + 4, 8);
  const sizeAt = padded(entryAt + VALUE_ENTRY.length, 4);
  if (sizeAt + 4 > bytes.length) return null;
  if (bytes.readUInt32LE(bodyAt) !== INTERFACE_TEXT.length || !isText(bytes, nameAt, nameEnd, INTERFACE_TEXT))
    return null;
  if (VALUE_ENTRY.compare(bytes, entryAt, entryAt + VALUE_ENTRY.length) !== 0) return null;
  const end = sizeAt + 4 + bytes.readUInt32LE(sizeAt);
  // Nothing but this entry, and nothing that is no longer so.
  if (end - entryAt !== bytes.readUInt32LE(lengthAt) || padded(end, 4) + 4 !== bytes.length) return null;
  return bytes.subarray(sizeAt + 4, end);
}
