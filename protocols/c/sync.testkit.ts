// The C sync as a device of the test: its logs' store is memory or flash, its host whoever the test plays.

import { join } from 'node:path';
import type { Item, Message } from '../generated/types.gen.ts';
import { decodeMessage, encodeMessage } from '../message/message-codec.ts';
import { encodeItem } from '../sync/item-codec.ts';
import { Dialogue, LINK_C } from './c.testkit.ts';
import { compileWithCrypto } from './crypto.testkit.ts';

const SYNC = [
  'test/sync.c',
  'ml_sync.c',
  'ml_sync_serve.c',
  'ml_message.c',
  'ml_shape.c',
  'ml_item.c',
  'ml_log.c',
  'ml_chain.c',
  'ml_crypto.c',
  'ml_sodium.c',
  'ml_cbor.c',
  'ml_cbor_check.c',
  'ml_cbor_text.c',
  'ml_cbor_write.c',
];
const FLASH_LOG = join(LINK_C, '..', '..', 'firmware-wasm', 'wearable', 'log');
const FLASH = ['entry', 'find', 'log', 'open', 'state', 'value'].map((part) => join(FLASH_LOG, `fl_${part}.c`));

/** The seed of test/sync.c's signing key. */
export const SIGNER_SEED = new Uint8Array(32).fill(9);
export const BULK = 2;
export const CONTROL = 0;
export const ALL_CHANNELS = (1 << CONTROL) | (1 << BULK);
export const VIOLATIONS = -71;
export const BYE = 1;

export function compileSync(store: 'memory' | 'flash'): string {
  if (store === 'memory') return compileWithCrypto('sync', [...SYNC, 'test/store_memory.c']);
  const sources = [...SYNC, 'test/store_flash.c', 'ml_crc32c.c', ...FLASH];
  return compileWithCrypto('sync-flash', sources, [`-I${FLASH_LOG}`]);
}

export interface Given {
  readonly channel: number;
  readonly message: Message;
  readonly bytes: number;
}

export class SyncInC {
  readonly #program: Dialogue;

  constructor(program: string) {
    this.#program = new Dialogue(program);
  }

  /** A session begins; what the one before asked for is forgotten. */
  begin(): void {
    this.#expectOk('b');
  }

  /** The status of the message. */
  take(message: Message | Uint8Array): number {
    this.#program.ask('m', message instanceof Uint8Array ? message : encodeMessage(message));
    return this.#program.i32();
  }

  give(channels = ALL_CHANNELS, bytesMax = 2_000): Given | null {
    this.#program.ask('g', channels, bytesMax);
    const count = this.#program.i32();
    if (count < 0) throw new Error(`give answers ${count}`);
    if (count === 0) return null;
    const channel = this.#program.u32();
    const bytes = this.#program.bytes();
    const message = decodeMessage(bytes);
    if (!message.ok) throw new Error(`it says what is no message: ${message.fault.detail}`);
    return { channel, message: message.value, bytes: bytes.length };
  }

  /** Everything it has to say. */
  drain(bytesMax = 2_000): Given[] {
    const all: Given[] = [];
    for (let one = this.give(ALL_CHANNELS, bytesMax); one !== null; one = this.give(ALL_CHANNELS, bytesMax))
      all.push(one);
    return all;
  }

  append(log: number, item: Item): void {
    this.#expectOk('a', log, encodeItem(item));
  }

  finish(log: number): void {
    this.#expectOk('f', log);
  }

  erase(log: number, epoch: Uint8Array): void {
    this.#expectOk('e', log, epoch);
  }

  /** False when there is no such item to spoil. */
  spoil(log: number, seq: number, withChain = false): boolean {
    this.#program.ask('s', log, seq, withChain ? 1 : 0);
    return this.#program.i32() === 0;
  }

  /** Power goes and comes. */
  reopen(): void {
    this.#expectOk('r');
  }

  setTicks(ticks: number): void {
    this.#expectOk('t', ticks);
  }

  live(log: number, item: Item, dropped: number): Message | null {
    this.#program.ask('l', log, dropped, encodeItem(item));
    const bytes = this.#program.bytes();
    if (bytes.length === 0) return null;
    const message = decodeMessage(bytes);
    if (!message.ok) throw new Error(message.fault.detail);
    return message.value;
  }

  get hasRoom(): boolean {
    this.#program.ask('h');
    return this.#program.u32() === 1;
  }

  get counters(): { violations: number; unknown: number; unsigned: number; stateBytes: number } {
    this.#program.ask('v');
    const [violations, unknown, unsigned, stateBytes] = [0, 0, 0, 0].map(() => this.#program.u32());
    return { violations: violations!, unknown: unknown!, unsigned: unsigned!, stateBytes: stateBytes! };
  }

  close(): void {
    this.#program.close();
  }

  #expectOk(command: string, ...parts: (number | Uint8Array)[]): void {
    this.#program.ask(command, ...parts);
    const status = this.#program.i32();
    if (status !== 0) throw new Error(`${command} answers ${status}`);
  }
}

/** Distinct for each number. `bytes`: samples in it. */
export function sampleItem(seq: number, bytes: number): Item & { type: 'sample-item' } {
  const samples = Uint8Array.from({ length: bytes * 2 }, (_, index) => seq * 7 + index);
  return { type: 'sample-item', boot: 5, ticks: seq * 100, firstSample: seq * bytes, format: 1, samples };
}
