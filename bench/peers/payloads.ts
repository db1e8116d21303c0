// The payloads that peers are compared on: live messages of half an hour of ECG, a result record, and a batch of small items.

import { encodeItem, encodeMessage, encodeRecord, type Live } from '@maibo/protocols';
import { encodeSamples } from '@maibo/sdk';
import { findHalfHour, readAll } from '../half-hour.ts';

/** Messages with one second of samples each, or with `sampleCount`. */
export async function liveMessages(
  sampleCount?: number,
): Promise<{ name: string; messages: Live[]; payloads: Uint8Array[] }> {
  const record = await findHalfHour();
  const counts = await readAll(record);
  const { rateHz, name } = record;
  const each = sampleCount ?? rateHz;
  const messages = Array.from({ length: Math.floor(counts.length / each) }, (_, index): Live => {
    const firstSample = index * each;
    const samples = encodeSamples(1, counts.subarray(firstSample, firstSample + each));
    const ticks = Math.round((firstSample * 1_000_000) / rateHz);
    return { type: 'live', log: 1, epoch: new Uint8Array(4), dropped: 0, firstSample, ticks, format: 1, samples };
  });
  return { name, messages, payloads: messages.map((message) => encodeMessage(message)) };
}

/** Result records of heart rate variability as the pipeline writes them: a map of maps, floats and a list of words. */
export function resultRecords(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, seq) =>
    encodeRecord({
      kind: 'result',
      v: 1,
      place: { device: new Uint8Array(16).fill(7), log: 1, epoch: new Uint8Array(4).fill(3), seq },
      prev: new Uint8Array(32).fill(seq),
      result: 'hrv',
      source: { device: new Uint8Array(16).fill(7), sensor: 'chest strap', signal: 'ecg' },
      method: {
        pipeline: { name: 'ecg', version: '1.2.0' },
        cores: [{ name: 'hrv', version: '1.0.0', sha256: new Uint8Array(32).fill(9) }],
        parameters: { windowS: 300, stepS: 60 },
      },
      time: {
        fromTicks: seq * 60_000_000,
        toTicks: (seq + 5) * 60_000_000,
        fromUtcUs: 1_790_000_000_000_000,
        toUtcUs: 1_790_000_300_000_000,
        uncertaintyUs: 2_500,
        clockSeq: 3,
      },
      quality: { score: 0.93, coverage: 0.985, flags: ['gap'] },
      values: {
        fromS: seq * 60,
        toS: seq * 60 + 300,
        intervalCount: 371,
        HRV_RMSSD: 42.125,
        HRV_SDNN: 51.0625,
        HRV_pNN50: 18.2,
      },
    }),
  );
}

/** `items` messages with 64 measured values each, the size of batch that a sync sends. */
export function itemMessages(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, batch) => {
    const items = Array.from({ length: 64 }, (_, index) => {
      const ticks = (batch * 64 + index) * 32_768;
      return encodeItem({ type: 'number-item', boot: 1, ticks, code: 3, number: 720 + index, scale: -1, quality: 90 });
    });
    return encodeMessage({ type: 'items', log: 2, epoch: new Uint8Array(4), first: batch * 64, items });
  });
}
