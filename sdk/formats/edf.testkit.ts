// An EDF+ writer for tests, made from the specification at edfplus.info and not from our reader.

export interface TestEdfSignal {
  readonly label: string;
  readonly unit?: string;
  readonly physical?: readonly [number, number];
  readonly digital?: readonly [number, number];
  readonly samplesPerRecord: number;
}

export interface TestEdf {
  readonly kind?: '' | 'EDF+C' | 'EDF+D';
  readonly recordS?: number;
  readonly recordCount?: number;
  readonly signals: readonly TestEdfSignal[];
  /** For each record, the samples of all signals or the text of an annotation signal. */
  readonly records: readonly (readonly (readonly number[] | string)[])[];
  readonly recordingId?: string;
}

export function makeEdf(edf: TestEdf): Uint8Array {
  const { signals, records, kind = '', recordS = 1 } = edf;
  const pad = (value: string | number, width: number) => String(value).padEnd(width).slice(0, width);
  const each = (width: number, field: (signal: TestEdfSignal) => string | number) => {
    return signals.map((signal) => pad(field(signal), width)).join('');
  };
  const header = [
    ...[pad(0, 8), pad('X X X X', 80), pad(edf.recordingId ?? 'Startdate X X X X', 80), '27.08.18', '11.25.11'],
    ...[pad(256 * (signals.length + 1), 8), pad(kind, 44), pad(edf.recordCount ?? records.length, 8), pad(recordS, 8)],
    ...[pad(signals.length, 4), each(16, (s) => s.label), each(80, () => ''), each(8, (s) => s.unit ?? 'uV')],
    ...[each(8, (s) => s.physical?.[0] ?? -3276.8), each(8, (s) => s.physical?.[1] ?? 3276.7)],
    ...[each(8, (s) => s.digital?.[0] ?? -32768), each(8, (s) => s.digital?.[1] ?? 32767)],
    ...[each(80, () => ''), each(8, (s) => s.samplesPerRecord), each(32, () => '')],
  ];
  const data = records.flatMap((record) => record.map((part, i) => toBytes(part, signals[i]!.samplesPerRecord)));
  return Buffer.concat([Buffer.from(header.join(''), 'latin1'), ...data]);
}

function toBytes(part: readonly number[] | string, sampleCount: number): Buffer {
  const bytes = Buffer.alloc(sampleCount * 2);
  if (typeof part === 'string') bytes.write(part);
  else for (const [i, value] of part.entries()) bytes.writeInt16LE(value, i * 2);
  return bytes;
}
