// Consistent Overhead Byte Stuffing (Cheshire & Baker, IEEE/ACM Trans. Networking 7(2), 1999): bytes without any 0x00.
//
//   code n = 1..254 : n-1 bytes follow, then a zero (the last group's zero is not part of the data)
//   code 255        : 254 bytes follow, no zero

/** Largest encoding of `size` bytes. */
export function cobsBytesMax(size: number): number {
  return size + Math.floor(size / 254) + 1;
}

/** Encodes all of `bytes` into `into` from `at`; returns the offset behind the last byte written. */
export function encodeCobs(bytes: Uint8Array, into: Uint8Array, at: number): number {
  const size = bytes.length;
  let codeAt = at;
  let to = at + 1;
  let code = 1;
  for (let index = 0; index < size; index++) {
    const byte = bytes[index]!;
    if (byte !== 0) {
      into[to++] = byte;
      if (++code !== 0xff) continue;
      // A full group at the very end needs no empty group behind it.
      if (index + 1 === size) break;
    }
    into[codeAt] = code;
    codeAt = to++;
    code = 1;
  }
  into[codeAt] = code;
  return to;
}

/**
 * Decodes bytes[from..to), which must hold no 0x00, into `into` (room for to - from bytes).
 * Returns the number of bytes written, or -1 when the last group is cut short.
 *
 * Up to a code 255 the data is the encoding moved by one byte with each later code turned into a zero, so whole runs
 * are copied at once and only their codes are visited.
 */
export function decodeCobs(bytes: Uint8Array, from: number, to: number, into: Uint8Array): number {
  let run = from;
  let size = 0;
  while (run < to) {
    const end = runEnd(bytes, run, to);
    if (end < 0) return -1;
    into.set(bytes.subarray(run + 1, end), size);
    for (let at = run + bytes[run]!; at < end; at += bytes[at]!) into[size + at - run - 1] = 0;
    size += end - run - 1;
    run = end;
  }
  return size;
}

/** Where the run of groups starting at `run` ends: behind its first code 255 group, or at `to`. -1 when cut short. */
function runEnd(bytes: Uint8Array, run: number, to: number): number {
  let at = run;
  while (at < to) {
    const code = bytes[at]!;
    if (code === 0) return -1; // the caller promised none; going on would never end
    at += code;
    if (code === 0xff) break;
  }
  return at > to ? -1 : at;
}
