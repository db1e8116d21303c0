// `frame`: our framer beside a kept SLIP decoder, on the same payloads in the same chunks. SLIP has no check; ours verifies a CRC-32C
// over every byte and still has to keep up.

import { encodeFrame, SerialFramer } from '@maibo/protocols';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { compare } from '../timing.ts';
import { liveMessages } from './payloads.ts';

const CHUNK_BYTES = 4095;
const ROUNDS = 9;
/** The goal: per byte, on the same payloads. */
const RATIO_MIN = 10;

type Slip = typeof import('@serialport/parser-slip-encoder');

export const frameBench: Bench = {
  name: 'frame',
  about: 'frame decoding beside @serialport/parser-slip-encoder, as a ratio',
  run: async () => {
    const slip = await import('@serialport/parser-slip-encoder').catch(() => null);
    return slip === null ? skippedReport('@serialport/parser-slip-encoder is not installed') : runFrame(slip);
  },
};

async function runFrame(slip: Slip): Promise<BenchReport> {
  const { name, payloads } = await liveMessages();
  const payloadBytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
  const ourWire = chunksOf(Buffer.concat(payloads.map(encodeFrame)));
  const slipWire = chunksOf(await encodeSlip(slip, payloads));
  const [ours, peer] = await compare(
    ROUNDS,
    () => expectAll(decodeOurs(ourWire), payloads),
    async () => expectAll(await decodeSlip(slip, slipWire), payloads),
  );
  const nsPerByte = (ms: number) => (ms * 1e6) / payloadBytes;
  const ratio = peer.medianMs / ours.medianMs;
  return {
    lines: [
      `payloads: ${payloads.length} live messages of ${name}; chunks of ${CHUNK_BYTES}, median of ${ROUNDS} in turns`,
      ...table([
        ['', 'ns/byte', 'min'],
        ['SerialFramer (COBS and CRC-32C)', nsPerByte(ours.medianMs).toFixed(2), nsPerByte(ours.minMs).toFixed(2)],
        ['SlipDecoder (no check)', nsPerByte(peer.medianMs).toFixed(2), nsPerByte(peer.minMs).toFixed(2)],
      ]),
      `ours is ${ratio.toFixed(2)} x as fast`,
    ],
    numbers: { payloadBytes, oursNsPerByte: nsPerByte(ours.medianMs), peerNsPerByte: nsPerByte(peer.medianMs), ratio },
    overBudget: ratio < RATIO_MIN ? [`${ratio.toFixed(1)} x as fast as SLIP, at least ${RATIO_MIN}`] : [],
    skipped: null,
  };
}

function chunksOf(bytes: Uint8Array): Buffer[] {
  const count = Math.ceil(bytes.length / CHUNK_BYTES);
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES)),
  );
}

function decodeOurs(chunks: readonly Buffer[]): number {
  const framer = new SerialFramer();
  let bytes = 0;
  for (const chunk of chunks) for (const frame of framer.push(chunk)) bytes += frame.ok ? frame.value.length : 0;
  return bytes;
}

function decodeSlip({ SlipDecoder }: Slip, chunks: readonly Buffer[]): Promise<number> {
  const decoder = new SlipDecoder();
  let bytes = 0;
  decoder.on('data', (payload: Buffer) => (bytes += payload.length));
  return new Promise((resolve, reject) => {
    decoder.once('end', () => resolve(bytes)).once('error', reject);
    for (const chunk of chunks) decoder.write(chunk);
    decoder.end();
  });
}

async function encodeSlip({ SlipEncoder }: Slip, payloads: readonly Uint8Array[]): Promise<Buffer> {
  const encoder = new SlipEncoder();
  const parts: Buffer[] = [];
  encoder.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => encoder.once('end', resolve));
  for (const payload of payloads) encoder.write(Buffer.from(payload));
  encoder.end();
  await ended;
  return Buffer.concat(parts);
}

function expectAll(bytes: number, payloads: readonly Uint8Array[]): void {
  const expected = payloads.reduce((sum, payload) => sum + payload.length, 0);
  if (bytes !== expected) throw new Error(`${bytes} bytes came out of ${expected}`);
}
