// Strict decoding beside cbor-x's own, in this process: the profile alone (`decodeCbor`) and with the schema on top. The peer is what a
// plain user of cbor-x has: `decode` as exported, maps as objects. Every input is an array of its own that nobody has decoded before,
// as a link delivers them; on arrays that it sees again cbor-x is quicker, because it keeps a DataView on each, so that is shown too.

import { decodeCbor, decodeMessage, decodeRecord, encodeCbor, encodeMessage, RECORD_LIMITS } from '@maibo/protocols';
import { decode, Encoder, isNativeAccelerationEnabled } from 'cbor-x';
import { compare, type Spread, spreadOf } from '../timing.ts';
import { itemMessages, liveMessages, resultRecords } from './payloads.ts';

const ROUNDS = 101;
/** Inputs per turn: about a millisecond, so that a busy machine spoils few of the turns. */
const TURN_BYTES = 400_000;
/** 500 bytes. */
const SAMPLES = 250;
const LIVE_NUMBER = 20; // protocols/schema/link.cddl

export interface Ratio {
  readonly oursNs: number;
  readonly peerNs: number;
  readonly ratio: number;
}

export interface SetResult {
  readonly set: string;
  readonly bytes: number;
  readonly strict: Ratio;
  readonly strictAgain: Ratio;
  readonly typed: Ratio;
}

export interface CborNumbers {
  readonly hasAddon: boolean;
  readonly sets: readonly SetResult[];
  readonly encodeLive: Ratio;
}

export async function measureCbor(): Promise<CborNumbers> {
  const { payloads, messages } = await liveMessages(SAMPLES);
  const sets: SetResult[] = [];
  const add = async (set: string, inputs: readonly Uint8Array[], typed: (bytes: Uint8Array) => unknown) => {
    sets.push(await measureSet(set, inputs, typed));
  };
  await add('live message, 500 bytes of samples', payloads, decodeMessage);
  await add('result record, maps of maps', resultRecords(400), decodeRecord);
  await add('items message, 64 small items', itemMessages(300), decodeMessage);
  await add('array of 64 integers', integers(1_000), (bytes) => decodeCbor(bytes));
  const some = messages.slice(0, 500);
  const plain = new Encoder({ useRecords: false, tagUint8Array: false });
  const arrays = some.map(({ type: _, ...members }) => [LIVE_NUMBER, ...Object.values(members)]);
  const encodeLive = ratioOf(
    some.length,
    ...(await compare(
      ROUNDS,
      () => some.forEach((message) => void encodeMessage(message)),
      () => arrays.forEach((array) => void plain.encode(array)),
    )),
  );
  return { hasAddon: isNativeAccelerationEnabled, sets, encodeLive };
}

function integers(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, turn) => {
    return encodeCbor(Array.from({ length: 64 }, (_, index) => (turn * 7_919 + index * 104_729) % 100_000));
  });
}

async function measureSet(
  set: string,
  all: readonly Uint8Array[],
  typed: (bytes: Uint8Array) => unknown,
): Promise<SetResult> {
  const bytes = all[0]?.length ?? 0;
  const inputs = all.slice(0, Math.ceil(TURN_BYTES / Math.max(bytes, 200)));
  const strict = (one: Uint8Array) => decodeCbor(one, RECORD_LIMITS);
  return {
    set,
    bytes,
    strict: onFresh(inputs, strict),
    strictAgain: ratioOf(
      inputs.length,
      ...(await compare(
        ROUNDS,
        () => inputs.forEach((one) => void strict(one)),
        () => inputs.forEach((one) => void decode(one)),
      )),
    ),
    typed: onFresh(inputs, typed),
  };
}

function onFresh(inputs: readonly Uint8Array[], ours: (bytes: Uint8Array) => unknown): Ratio {
  const oursMs: number[] = [];
  const peerMs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    oursMs.push(
      timeMs(
        inputs.map((one) => new Uint8Array(one)),
        ours,
      ),
    );
    peerMs.push(
      timeMs(
        inputs.map((one) => new Uint8Array(one)),
        decode,
      ),
    );
  }
  // The first round warms up.
  return ratioOf(inputs.length, spreadOf(oursMs.slice(1)), spreadOf(peerMs.slice(1)));
}

function timeMs(inputs: readonly Uint8Array[], work: (bytes: Uint8Array) => unknown): number {
  const startMs = performance.now();
  for (const one of inputs) work(one);
  return performance.now() - startMs;
}

function ratioOf(count: number, ours: Spread, peer: Spread): Ratio {
  const nsEach = (ms: number) => (ms * 1e6) / count;
  return { oursNs: nsEach(ours.medianMs), peerNs: nsEach(peer.medianMs), ratio: ours.medianMs / peer.medianMs };
}
