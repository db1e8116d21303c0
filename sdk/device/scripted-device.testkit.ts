// A device that does exactly what a test tells it: it answers hello and time, serves its blocks, and keeps what the host said.
import { decodeMessage, encodeFrame, encodeMessage, type LogInfo, type Message, SerialFramer } from '@maibo/protocols';
import { createMemoryLinks } from '../link/memory-link.ts';
import { streamRecord, TICK_RATE_HZ } from '../pipeline/made-signals.testkit.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import { systemClock } from '../world/node-clock.ts';
import type { Clock, Link } from '../world/world.ts';

export const DEVICE_ID: Uint8Array = new Uint8Array(16).fill(7);
export const EPOCH: Uint8Array = new Uint8Array(4).fill(3);
export const LOG = 1;

/** What the device says to a message; null for its usual answer. */
export type Script = (message: Message, device: ScriptedDevice) => readonly (Message | Uint8Array)[] | null;

export class ScriptedDevice {
  /** The host's end. */
  readonly host: Link;
  /** Every message the host sent, in order. */
  readonly heard: Message[] = [];
  readonly blocks: readonly SampleBlock[];
  readonly signal: 'ecg' | 'rr';
  readonly #link: Link;
  readonly #script: Script;
  readonly #running: Promise<void>;

  constructor(blocks: readonly SampleBlock[], options: { signal?: 'ecg' | 'rr'; script?: Script } = {}) {
    [this.host, this.#link] = createMemoryLinks();
    this.blocks = blocks;
    this.signal = options.signal ?? 'ecg';
    this.#script = options.script ?? (() => null);
    this.#running = this.#run();
  }

  /** Messages of one type that the host sent. */
  heardOf<Type extends Message['type']>(type: Type): Extract<Message, { type: Type }>[] {
    return this.heard.filter((message) => message.type === type) as Extract<Message, { type: Type }>[];
  }

  async say(...answers: readonly (Message | Uint8Array)[]): Promise<void> {
    for (const answer of answers) {
      await this.#link.write(answer instanceof Uint8Array ? answer : encodeFrame(encodeMessage(answer)));
    }
  }

  async close(): Promise<void> {
    await this.#link.close();
    await this.#running;
  }

  helloOk(nonce: Uint8Array): Extract<Message, { type: 'hello-ok' }> {
    const { rateHz, unit, gain, offset, bits, source } = streamRecord(this.signal);
    const stream = { signal: source.signal, sensor: source.sensor, rateHz, unit, gain, offset, bits };
    const log: LogInfo = { log: LOG, epoch: EPOCH, first: 0, head: this.blocks.length, final: true, stream };
    const who = { device: DEVICE_ID, firmware: 'test', boot: 1, tickRateHz: TICK_RATE_HZ };
    return { type: 'hello-ok', version: 1, nonce, ...who, logs: [log] };
  }

  /** Blocks from `from` on, as messages, and the end of the log. */
  serve(from: number): Message[] {
    const blocks = this.blocks.filter((block) => block.seq >= from).map(blockMessage);
    return [...blocks, logEnd(this.blocks.length)];
  }

  async #run(): Promise<void> {
    const framer = new SerialFramer();
    for await (const chunk of this.#link.chunks) {
      for (const frame of framer.push(chunk)) {
        const message = frame.ok ? decodeMessage(frame.value) : frame;
        if (!message.ok) continue;
        this.heard.push(message.value);
        // The host may be gone by now.
        await this.say(...(this.#script(message.value, this) ?? this.#usual(message.value))).catch(() => undefined);
      }
    }
  }

  #usual(message: Message): Message[] {
    if (message.type === 'hello') return [this.helloOk(message.nonce)];
    if (message.type === 'time-ping') return [{ type: 'time-pong', id: message.id, boot: 1, ticks: 0 }];
    return message.type === 'pull' ? this.serve(message.from) : [];
  }
}

export function blockMessage(block: SampleBlock): Extract<Message, { type: 'block' }> {
  const { seq, firstSample, ticks, format, bytes } = block;
  return { type: 'block', log: LOG, epoch: EPOCH, seq, firstSample, ticks, format, samples: bytes };
}

export function logEnd(head: number, final = true): Extract<Message, { type: 'log-end' }> {
  return { type: 'log-end', log: LOG, epoch: EPOCH, head, final };
}

/** A clock whose waits are over a hundred times sooner, so that a test of deadlines does not last them out. */
export const hurriedClock: Clock = {
  source: 'lab',
  uncertaintyUs: 0,
  nowUtcUs: () => 1_767_225_600_000_000,
  nowMonotonicMs: () => systemClock.nowMonotonicMs() * 100,
  sleep: (ms, signal) => systemClock.sleep(ms / 100, signal),
};

export const fixedEntropy = { bytes: (count: number): Uint8Array => new Uint8Array(count).fill(0x5a) };
