// PropertiesChanged with one `Value` of bytes, marshalled by hand: a notification is the one message that must be cheap, and the library
// takes bytes one by one.
//
//   'l' 4 flags 1 | body size | serial | header fields a(yv) | pad to 8 | s iface | a{sv} { "Value": v ay } | as {}

const SIGNAL = 4;
const NO_REPLY = 1;
const PATH = 1;
const INTERFACE = 2;
const MEMBER = 3;
const SIGNATURE = 8;

export function valueChangedMessage(serial: number, path: string, iface: string, value: Uint8Array): Uint8Array {
  const sizeMax = 256 + path.length + iface.length + value.length;
  const out = Buffer.alloc(sizeMax);
  out[0] = 0x6c;
  out[1] = SIGNAL;
  out[2] = NO_REPLY;
  out[3] = 1;
  out.writeUInt32LE(serial, 8);
  let at = 16;
  at = headerText(out, at, PATH, 'o', path);
  at = headerText(out, at, INTERFACE, 's', 'org.freedesktop.DBus.Properties');
  at = headerText(out, at, MEMBER, 's', 'PropertiesChanged');
  at = headerSignature(out, at, 'sa{sv}as');
  out.writeUInt32LE(at - 16, 12);
  const bodyAt = aligned(at, 8);
  at = text(out, bodyAt, iface);
  const dictAt = aligned(at, 4);
  const entryAt = aligned(dictAt + 4, 8);
  at = text(out, entryAt, 'Value');
  at = shortText(out, at, 'ay');
  at = aligned(at, 4);
  out.writeUInt32LE(value.length, at);
  out.set(value, at + 4);
  at += 4 + value.length;
  out.writeUInt32LE(at - entryAt, dictAt);
  at = aligned(at, 4) + 4; // the array of what was invalidated, empty
  out.writeUInt32LE(at - bodyAt, 4);
  return out.subarray(0, at);
}

function headerText(out: Buffer, from: number, field: number, type: string, value: string): number {
  const at = aligned(from, 8);
  out[at] = field;
  return text(out, aligned(shortText(out, at + 1, type), 4), value);
}

function headerSignature(out: Buffer, from: number, value: string): number {
  const at = aligned(from, 8);
  out[at] = SIGNATURE;
  return shortText(out, shortText(out, at + 1, 'g'), value);
}

/** A string or path: 32-bit size, bytes, zero. */
function text(out: Buffer, at: number, value: string): number {
  const size = out.write(value, at + 4, 'latin1');
  out.writeUInt32LE(size, at);
  return at + 4 + size + 1;
}

/** A signature: 8-bit size, bytes, zero. */
function shortText(out: Buffer, at: number, value: string): number {
  out[at] = out.write(value, at + 1, 'latin1');
  return at + 1 + value.length + 1;
}

function aligned(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}
