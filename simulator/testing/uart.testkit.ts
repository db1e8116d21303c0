// What a UART makes of bytes that were sent at another rate than it reads, and what a device without any sense says for an hour.
import { encodeFrame } from '@maibo/protocols';
import type { Rng } from '../world/rng.ts';

/** Start, eight data bits with the lowest first, stop. */
const BITS_PER_BYTE = 10;

/**
 * Sent at one rate and sampled at another: a start bit is a falling edge, each bit is looked at in its middle, and the next byte begins wherever
 * the line falls next. The same bytes, the same garbage. Bytes whose stop bit is no stop bit are dropped, as IGNPAR drops them.
 */
export function garble(bytes: Uint8Array, sentBaud: number, readBaud: number): Uint8Array {
  const bits = [...bytes].flatMap((byte) => [0, ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1), 1]);
  const levelAt = (readBits: number) => bits[Math.floor((readBits * sentBaud) / readBaud)] ?? 1;
  const endBits = (bits.length * readBaud) / sentBaud;
  const read: number[] = [];
  for (let at = 0; at < endBits; ) {
    if (levelAt(at) === 1) {
      at += 1 / 16; // a UART looks sixteen times a bit
      continue;
    }
    const data = Array.from({ length: 8 }, (_, bit) => levelAt(at + 1.5 + bit) << bit);
    const isStopped = levelAt(at + 9.5) === 1;
    if (isStopped) read.push(data.reduce((byte, bit) => byte | bit, 0));
    at += BITS_PER_BYTE - 0.5;
  }
  return Uint8Array.from(read);
}

/** Noise, runs of one value, zeros, beginnings and ends of frames, whole frames with nothing sensible inside. */
export function nonsense(rng: Rng, sizeBytes: number): Uint8Array {
  const noise = (size: number) => Uint8Array.from({ length: size }, () => rng.nextBelow(256));
  const kinds: ((size: number) => Uint8Array)[] = [
    noise,
    (size) => new Uint8Array(size),
    (size) => new Uint8Array(size).fill(1 + rng.nextBelow(255)),
    (size) => encodeFrame(noise(Math.max(1, size))).subarray(0, size >> 1),
    (size) => encodeFrame(noise(Math.max(1, size))).subarray(size >> 1),
    (size) => encodeFrame(noise(Math.max(1, size))),
  ];
  const pieces: Uint8Array[] = [];
  for (let size = 0; size < sizeBytes; ) {
    const piece = kinds[rng.nextBelow(kinds.length)]!(1 + rng.nextBelow(200));
    pieces.push(piece);
    size += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, sizeBytes);
}
