// The host's side of the link: says hello, asks the time, pulls a log block by block and acknowledges what is durable.
//
//   open ──hello──▶ ready ──pull──▶ reading ──log-end──▶ ready ──close──▶ closed
//                              └─ missing seq: pull again from it, once; silence: pull again, five times, then link-timeout
import {
  type Block,
  encodeFrame,
  encodeMessage,
  type Gap,
  type HelloOk,
  type LogEnd,
  type LogInfo,
  type Message,
} from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import { blockFromMessage, type SampleBlock } from '../stream/sample-block.ts';
import type { Clock, Entropy, Link } from '../world/world.ts';
import { type LinkStats, MessageReader } from './message-reader.ts';

/** Protocol versions this host speaks. */
export const LINK_VERSIONS: readonly number[] = [1];
/** Blocks the device may send ahead of the last acknowledgement. */
export const CREDIT_BLOCKS = 256;

const HELLO_TRIES = 20;
const HELLO_WAIT_MS = 250;
const SILENCE_MS = 1_000;
/** A pause this long between blocks means that the device has said what it had. */
const QUIET_MS = 20;
const SILENCES_MAX = 5;
const PINGS = 4;

export type LogItem =
  | { readonly kind: 'block'; readonly block: SampleBlock }
  | { readonly kind: 'gap'; readonly from: number; readonly to: number; readonly reason: Gap['reason'] }
  | { readonly kind: 'end'; readonly head: number; readonly final: boolean };

/** One pairing of device ticks and UTC. */
export interface ClockMark {
  readonly boot: number;
  readonly ticks: number;
  readonly utcUs: number;
  readonly uncertaintyUs: number;
}

export interface SessionStats extends LinkStats {
  /** Times a pull was repeated because a block was missing or the line was silent. */
  repulls: number;
  duplicates: number;
}

export class DeviceSession {
  readonly info: HelloOk;
  readonly #link: Link;
  readonly #reader: MessageReader;
  readonly #clock: Clock;
  #repulls = 0;
  #duplicates = 0;

  private constructor(link: Link, reader: MessageReader, clock: Clock, info: HelloOk) {
    this.#link = link;
    this.#reader = reader;
    this.#clock = clock;
    this.info = info;
  }

  /** Says hello until the device answers. Errors: `link-timeout`, `link-lost`, `device-refused`. */
  static async open(link: Link, world: { clock: Clock; entropy: Entropy }): Promise<DeviceSession> {
    const reader = new MessageReader(link, world.clock);
    const nonce = world.entropy.bytes(8);
    for (let attempt = 0; attempt < HELLO_TRIES; attempt++) {
      await link.write(encodeFrame(encodeMessage({ type: 'hello', versions: [...LINK_VERSIONS], nonce })));
      const info = await awaitHelloOk(reader, world.clock, nonce);
      if (info !== null) return new DeviceSession(link, reader, world.clock, info);
    }
    const hint = 'is this the right port, and does the device speak Maibo Link?';
    throw new MaiboError('link-timeout', 'the device did not answer hello', { where: link.name, hint });
  }

  get stats(): SessionStats {
    return { ...this.#reader.stats, repulls: this.#repulls, duplicates: this.#duplicates };
  }

  /** Pairs device ticks with UTC. The uncertainty is half the shortest round trip plus the clock's own. */
  async markClock(): Promise<ClockMark> {
    let best: ClockMark | null = null;
    for (let id = 0; id < PINGS; id++) {
      const mark = await this.#ping(id);
      if (mark !== null && (best === null || mark.uncertaintyUs < best.uncertaintyUs)) best = mark;
    }
    if (best === null)
      throw new MaiboError('link-timeout', 'the device did not answer the time', { where: this.#link.name });
    return best;
  }

  /**
   * Blocks and gaps from `from` on, in order, each exactly once; ends after the device's log-end. When nothing comes for QUIET_MS
   * behind a block, 'quiet' is given once: a good moment to commit.
   */
  async *read(log: LogInfo, from: number, signal?: AbortSignal): AsyncGenerator<LogItem | { readonly kind: 'quiet' }> {
    let isBusy = false;
    let expected = from;
    let askedFor = from;
    let silences = 0;
    const pull = async () => {
      askedFor = expected;
      await this.#send({ type: 'pull', log: log.log, epoch: log.epoch, from: expected, credit: CREDIT_BLOCKS });
    };
    const pullAgain = async () => {
      this.#repulls++;
      await pull();
    };
    await pull();
    while (!signal?.aborted) {
      const message = await this.#reader.next(isBusy ? QUIET_MS : SILENCE_MS);
      if (message === 'ended') throw new MaiboError('link-lost', 'the link was closed', { where: this.#link.name });
      if (message === 'timeout' && isBusy) {
        isBusy = false;
        yield { kind: 'quiet' };
        continue;
      }
      if (message === 'timeout') {
        if (++silences > SILENCES_MAX) throw this.#silent();
        await this.#send({ type: 'time-ping', id: silences });
        await pullAgain();
        continue;
      }
      silences = 0;
      const item = itemOf(message, log);
      if (item === null) continue;
      const position = placeOf(item);
      // An end before the place that was asked for is an old one, or a lie: what was missing is asked for again after silence.
      if (position.past < expected || (position.past === expected && item.kind !== 'end')) this.#duplicates++;
      else if (position.first > expected) {
        // Something is missing. Ask once: blocks already on the way carry higher numbers and would ask again and again.
        if (askedFor !== expected) await pullAgain();
      } else {
        expected = Math.max(expected, position.past);
        isBusy = true;
        yield item;
        if (item.kind === 'end') return;
      }
    }
  }

  /** Tells the device that everything up to `upto` is durable. Call it only when that is true. */
  async ack(log: LogInfo, upto: number, level: 1 | 2): Promise<void> {
    await this.#send({ type: 'ack', log: log.log, epoch: log.epoch, upto, level });
  }

  async close(): Promise<void> {
    await this.#send({ type: 'bye', code: 0 }).catch(() => undefined);
    await this.#link.close();
  }

  async #ping(id: number): Promise<ClockMark | null> {
    const sentMs = this.#clock.nowMonotonicMs();
    const sentUtcUs = this.#clock.nowUtcUs();
    await this.#send({ type: 'time-ping', id });
    const pong = await waitFor(
      this.#reader,
      this.#clock,
      SILENCE_MS,
      (message) => message.type === 'time-pong' && message.id === id,
    );
    if (pong === null || pong.type !== 'time-pong') return null;
    // A lab clock stands still, so its marks must not depend on how long the wire took.
    const roundTripUs = this.#clock.source === 'lab' ? 0 : Math.round((this.#clock.nowMonotonicMs() - sentMs) * 1000);
    const half = Math.ceil(roundTripUs / 2);
    return {
      boot: pong.boot,
      ticks: pong.ticks,
      utcUs: sentUtcUs + half,
      uncertaintyUs: half + this.#clock.uncertaintyUs,
    };
  }

  #send(message: Message): Promise<void> {
    return this.#link.write(encodeFrame(encodeMessage(message)));
  }

  #silent(): MaiboError {
    return new MaiboError('link-timeout', 'the device fell silent', {
      where: this.#link.name,
      hint: 'start again: it resumes',
    });
  }
}

async function awaitHelloOk(reader: MessageReader, clock: Clock, nonce: Uint8Array): Promise<HelloOk | null> {
  const answer = await waitFor(reader, clock, HELLO_WAIT_MS, (message) =>
    message.type === 'failure' ? true : message.type === 'hello-ok' && equalBytes(message.nonce, nonce),
  );
  if (answer === null) return null;
  if (answer.type === 'hello-ok' && LINK_VERSIONS.includes(answer.version)) return answer;
  const said =
    answer.type === 'failure' ? `${answer.code} ${answer.detail}` : 'it chose a version that was not offered';
  throw new MaiboError('device-refused', `the device refused the session: ${said}`);
}

/** Null when nothing wanted came in time; what else comes does not lengthen the wait. */
async function waitFor(
  reader: MessageReader,
  clock: Clock,
  waitMs: number,
  wanted: (message: Message) => boolean,
): Promise<Message | null> {
  const untilMs = clock.nowMonotonicMs() + waitMs;
  for (;;) {
    const leftMs = untilMs - clock.nowMonotonicMs();
    const message = leftMs > 0 ? await reader.next(leftMs) : 'timeout';
    if (message === 'timeout') return null;
    if (message === 'ended') throw new MaiboError('link-lost', 'the link was closed');
    if (wanted(message)) return message;
  }
}

/** The item a message carries for this log, or null when it is about something else. */
function itemOf(message: Message, log: LogInfo): LogItem | null {
  if (message.type === 'failure') {
    throw new MaiboError('device-refused', `the device refused: ${message.code} ${message.detail}`);
  }
  if (message.type !== 'block' && message.type !== 'gap' && message.type !== 'log-end') return null;
  if (message.log !== log.log || !equalBytes(message.epoch, log.epoch)) return null;
  const item = itemOfLog(message);
  return item === null || item.kind === 'end' || placeOf(item).past <= blocksMax(log) ? item : null;
}

/** A log that is complete has no block behind its head; in any other, numbers still have to be numbers. */
function blocksMax(log: LogInfo): number {
  return log.final ? log.head : Number.MAX_SAFE_INTEGER;
}

function itemOfLog(message: Block | Gap | LogEnd): LogItem | null {
  if (message.type === 'gap') {
    return message.to < message.from
      ? null
      : { kind: 'gap', from: message.from, to: message.to, reason: message.reason };
  }
  if (message.type === 'log-end') return { kind: 'end', head: message.head, final: message.final };
  const block = blockFromMessage(message);
  return typeof block === 'string' ? null : { kind: 'block', block };
}

/** First block number an item speaks of, and the one after its last. */
function placeOf(item: LogItem): { first: number; past: number } {
  if (item.kind === 'block') return { first: item.block.seq, past: item.block.seq + 1 };
  if (item.kind === 'gap') return { first: item.from, past: item.to + 1 };
  return { first: item.head, past: item.head };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
