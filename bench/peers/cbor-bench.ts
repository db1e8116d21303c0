// `cbor`: what strictness costs. Our message codec (schema, deterministic profile, limits) beside plain cbor-x, which it stands on.

import { decodeMessage, encodeMessage } from '@maibo/protocols';
import { Encoder } from 'cbor-x';
import { type Bench, type BenchReport, table } from '../bench.ts';
import { compare } from '../timing.ts';
import { blockMessages } from './payloads.ts';

const ROUNDS = 9;
const BLOCK_NUMBER = 21; // protocols/schema/link.cddl

export const cborBench: Bench = {
  name: 'cbor',
  about: 'strict messages beside plain cbor-x, as a ratio',
  run: runCbor,
};

async function runCbor(): Promise<BenchReport> {
  const { name, blocks, payloads } = await blockMessages();
  const plain = new Encoder({ useRecords: false, tagUint8Array: false });
  const arrays = blocks.map(({ log, epoch, seq, firstSample, ticks, format, samples }) => {
    return [BLOCK_NUMBER, log, epoch, seq, firstSample, ticks, format, samples];
  });
  const encode = await compare(
    ROUNDS,
    () => blocks.forEach((block) => void encodeMessage(block)),
    () => arrays.forEach((array) => void plain.encode(array)),
  );
  const decode = await compare(
    ROUNDS,
    () => payloads.forEach((payload) => void decodeMessage(payload)),
    () => payloads.forEach((payload) => void plain.decode(payload)),
  );
  const usEach = (ms: number) => (ms * 1000) / blocks.length;
  const row = (label: string, [ours, peer]: typeof encode) => {
    const ratio = ours.medianMs / peer.medianMs;
    return [
      label,
      usEach(ours.medianMs).toFixed(2),
      usEach(peer.medianMs).toFixed(2),
      `${ratio.toFixed(2)} x the time`,
    ];
  };
  const numbersOf = ([ours, peer]: typeof encode) => {
    return { oursUs: usEach(ours.medianMs), peerUs: usEach(peer.medianMs), ratio: ours.medianMs / peer.medianMs };
  };
  return {
    lines: [
      `${blocks.length} block messages of ${name}, ${payloads[0]?.length} bytes each; median of ${ROUNDS} in turns`,
      ...table([['', 'ours us', 'cbor-x us', 'ours'], row('encode', encode), row('decode', decode)]),
    ],
    numbers: { encode: numbersOf(encode), decode: numbersOf(decode) },
    overBudget: [],
    skipped: null,
  };
}
