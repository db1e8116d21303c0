// The device's side of the link: answers hello and time, serves its log within the host's credit, frees what is acknowledged.
import { decodeMessage, encodeFrame, encodeMessage, type Message, type Pull, SerialFramer } from '@maibo/protocols';
import { type Clock, isMaiboError, type Link } from '@maibo/sdk';
import { type BlockSource, type LogBlock, TICK_RATE_HZ } from './block-source.ts';

export const WEARABLE_FIRMWARE = 'maibo-virtual-wearable 1';
const LINK_VERSION = 1;
const LOG = 1;
const BOOT = 1;
const REASON_FREED = 4;
/** Frames are gathered up to this size: one write carries many small blocks. */
const WRITE_BYTES = 32 * 1024;
/** Until the host says bye or the line hangs up. */
const IDLE_WAIT_MS = 60_000;

export interface WearableOptions {
  readonly link: Link;
  readonly source: BlockSource;
  readonly clock: Clock;
  /** 1 is real time, Infinity as fast as the link takes it. */
  readonly speed: number;
  /** First block that has not been freed yet: what came before was acknowledged in an earlier session. */
  readonly firstBlock: number;
  /** Called when the host has acknowledged everything before `firstBlock`. */
  readonly onFreed?: (firstBlock: number) => void;
}

export class Wearable {
  readonly #options: WearableOptions;
  readonly #startedMs: number;
  #first: number;
  #startTicks = 0;
  #next = 0;
  /** One past the highest block that was ever sent, or that the host says it has. */
  #sentPast = 0;
  #limit = 0;
  #credit = 0;
  #serving = false;
  #stopped = false;
  #wake: (() => void) | null = null;
  /** Something came while the sender was not resting: it looks again before it rests. */
  #isNudged = false;

  constructor(options: WearableOptions) {
    this.#options = options;
    this.#first = options.firstBlock;
    this.#startedMs = options.clock.nowMonotonicMs();
  }

  /** Serves one host until it says bye or the line goes away. */
  async run(): Promise<void> {
    const start = await this.#options.source.read(Number.isFinite(this.#options.speed) ? this.#first : 0);
    this.#startTicks = start?.ticks ?? 0;
    const sending = this.#send();
    try {
      await this.#receive();
    } catch (failure) {
      if (!isMaiboError(failure, 'link-lost')) throw failure;
    } finally {
      this.#stopped = true;
      this.#nudge();
      await sending;
    }
  }

  async #receive(): Promise<void> {
    const framer = new SerialFramer();
    for await (const chunk of this.#options.link.chunks) {
      for (const frame of framer.push(chunk)) {
        const message = frame.ok ? decodeMessage(frame.value) : frame;
        if (message.ok && !(await this.#answer(message.value))) return;
        // A number this firmware does not know is answered; damage is not, the host asks again.
        if (!message.ok && message.fault.code === 'unknown-number')
          await this.#say({ type: 'failure', code: 2, detail: 'unknown message' });
      }
    }
  }

  /** False when the host has said bye. */
  async #answer(message: Message): Promise<boolean> {
    if (message.type === 'hello') await this.#say(this.#introduce(message.versions, message.nonce));
    else if (message.type === 'time-ping')
      await this.#say({ type: 'time-pong', id: message.id, boot: BOOT, ticks: this.#nowTicks() });
    else if (message.type === 'pull') await this.#pull(message);
    else if (message.type === 'ack') this.#free(message.upto);
    return message.type !== 'bye';
  }

  #introduce(versions: readonly number[], nonce: Uint8Array): Message {
    if (!versions.includes(LINK_VERSION))
      return { type: 'failure', code: 1, detail: `this device speaks version ${LINK_VERSION}` };
    const { source } = this.#options;
    const info = {
      log: LOG,
      epoch: source.identity.slice(16, 20),
      first: this.#first,
      head: source.blockCount,
      final: true,
      stream: source.stream,
    };
    const device = source.identity.slice(0, 16);
    return {
      type: 'hello-ok',
      version: LINK_VERSION,
      nonce,
      device,
      firmware: WEARABLE_FIRMWARE,
      boot: BOOT,
      tickRateHz: TICK_RATE_HZ,
      logs: [info],
    };
  }

  async #pull(pull: Pull): Promise<void> {
    if (pull.log !== LOG) return this.#say({ type: 'failure', code: 3, detail: 'no such log' });
    if (!this.#isEpoch(pull.epoch)) return this.#say({ type: 'failure', code: 4, detail: 'the log was erased' });
    if (pull.from < this.#first) {
      await this.#say({
        type: 'gap',
        log: LOG,
        epoch: pull.epoch,
        from: pull.from,
        to: this.#first - 1,
        reason: REASON_FREED,
      });
    }
    this.#next = Math.max(pull.from, this.#first);
    this.#sentPast = Math.max(this.#sentPast, this.#next);
    this.#limit = this.#next + pull.credit;
    this.#credit = pull.credit;
    this.#serving = true;
    this.#nudge();
  }

  #free(claimed: number): void {
    // What was not sent cannot have been stored.
    const upto = Math.min(claimed, this.#sentPast - 1);
    this.#limit = Math.max(this.#limit, upto + 1 + this.#credit);
    if (upto + 1 > this.#first) {
      this.#first = upto + 1;
      this.#options.onFreed?.(this.#first);
    }
    this.#nudge();
  }

  async #send(): Promise<void> {
    let frames: Uint8Array[] = [];
    let sizeBytes = 0;
    const flush = async () => {
      if (sizeBytes > 0) await this.#options.link.write(Buffer.concat(frames));
      frames = [];
      sizeBytes = 0;
    };
    while (!this.#stopped) {
      const block = this.#serving && this.#next < this.#limit ? await this.#due() : null;
      if (block !== null) {
        // A pull may have moved the place while the block was read.
        if (block !== 'end' && block.seq !== this.#next) continue;
        const frame = encodeFrame(encodeMessage(this.#carry(block)));
        frames.push(frame);
        sizeBytes += frame.length;
      }
      if (block === null || block === 'end' || sizeBytes >= WRITE_BYTES) await flush().catch(() => this.#stop());
      if (block === null && !this.#stopped) await this.#rest();
    }
  }

  #stop(): void {
    this.#stopped = true;
  }

  /** The next block if it is complete by now; 'end' behind the last; null when there is nothing to send yet. */
  async #due(): Promise<LogBlock | 'end' | null> {
    const block = await this.#options.source.read(this.#next);
    if (block === null) return 'end';
    const due = !Number.isFinite(this.#options.speed) || block.completeTicks <= this.#nowTicks();
    return due ? block : null;
  }

  #carry(block: LogBlock | 'end'): Message {
    const epoch = this.#options.source.identity.slice(16, 20);
    if (block === 'end') {
      this.#serving = false;
      return { type: 'log-end', log: LOG, epoch, head: this.#next, final: true };
    }
    this.#next = block.seq + 1;
    this.#sentPast = Math.max(this.#sentPast, this.#next);
    const { seq, firstSample, ticks, format, samples } = block;
    return { type: 'block', log: LOG, epoch, seq, firstSample, ticks, format, samples };
  }

  #nudge(): void {
    this.#isNudged = true;
    this.#wake?.();
  }

  async #rest(): Promise<void> {
    const stop = new AbortController();
    const waitMs = this.#serving && Number.isFinite(this.#options.speed) ? 20 : IDLE_WAIT_MS;
    this.#wake = () => stop.abort();
    if (!this.#isNudged) await this.#options.clock.sleep(waitMs, stop.signal);
    this.#wake = null;
    this.#isNudged = false;
  }

  #nowTicks(): number {
    const { speed, clock } = this.#options;
    // Played as fast as the link takes it, the device's clock stands at the start of its log: the same in every session.
    if (!Number.isFinite(speed)) return this.#startTicks;
    const elapsedS = (clock.nowMonotonicMs() - this.#startedMs) / 1000;
    return this.#startTicks + Math.round(elapsedS * speed * TICK_RATE_HZ);
  }

  #isEpoch(epoch: Uint8Array): boolean {
    return Buffer.compare(epoch, this.#options.source.identity.slice(16, 20)) === 0;
  }

  #say(message: Message): Promise<void> {
    return this.#options.link.write(encodeFrame(encodeMessage(message)));
  }
}
