// A WFDB writer for tests, made from signal(5) and annot(5) and not from our reader.

import type { TempFolder } from './temp-files.testkit.ts';

export type Packing = 16 | 80 | 212;

/** Samples in file order. Format 212 leaves the last half byte unused when the count is odd. */
export function packSamples(packing: Packing, samples: readonly number[]): Uint8Array {
  if (packing === 80) return Uint8Array.from(samples, (value) => value + 128);
  if (packing === 16) {
    const view = new DataView(new ArrayBuffer(samples.length * 2));
    for (const [i, value] of samples.entries()) view.setInt16(i * 2, value, true);
    return new Uint8Array(view.buffer);
  }
  // As a stream of nibbles, low one first: a0 a1 a2 b2 b0 b1 becomes bytes (a1 a0) (b2 a2) (b1 b0).
  const bytes: number[] = [];
  for (let i = 0; i < samples.length; i += 2) {
    const [a, b] = [samples[i]! & 0xfff, (samples[i + 1] ?? 0) & 0xfff];
    bytes.push(a % 256, Math.floor(a / 256) + 16 * Math.floor(b / 256));
    if (i + 1 < samples.length) bytes.push(b % 256);
  }
  return Uint8Array.from(bytes);
}

export function checksumOf(samples: readonly number[]): number {
  const sum = samples.reduce((before, value) => before + value, 0);
  return new Int16Array([sum & 0xffff])[0]!;
}

export interface TestRecord {
  readonly name: string;
  readonly packing: Packing;
  /** One array per signal, all of the same length. */
  readonly signals: readonly (readonly number[])[];
  readonly rateHz?: number;
}

/** Writes `<name>.hea` and `<name>.dat` and gives the path of the record. */
export async function writeRecord(folder: TempFolder, { name, packing, signals, rateHz = 250 }: TestRecord) {
  const count = signals[0]?.length ?? 0;
  const flat = Array.from({ length: count }, (_, i) => signals.map((signal) => signal[i]!)).flat();
  const lines = signals.map((signal, i) => {
    return `${name}.dat ${packing} 200(0)/mV 12 0 ${signal[0] ?? 0} ${checksumOf(signal)} 0 ECG${i + 1}`;
  });
  await folder.write(`${name}.dat`, packSamples(packing, flat));
  await folder.write(`${name}.hea`, `${name} ${signals.length} ${rateHz} ${count}\n${lines.join('\n')}\n`);
  return folder.path(name);
}

/** Little-endian words. */
export function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, value >> 8]));
}

export function annotationWord(code: number, ticks: number): number {
  return (code << 10) | ticks;
}
