// The host's side of a link to one device: shakes hands, pairs the clocks, reads its logs item by item and acknowledges what is durable.
//
//   opening ──hello, Noise──▶ (pairing) ──info──▶ ready ◀──read──▶ reading ──close──▶ closed
import {
  type HostEvent,
  type HostOptions,
  HostPeer,
  type HostPeerEvent,
  type Info,
  LOG_START,
  type LogInfo,
  type LogPosition,
  nodeSuite,
} from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import { withPatience } from '../link/patience.ts';
import { PeerDriver } from '../link/peer-driver.ts';
import type { Patience } from '../world/radio.ts';
import type { Clock, Entropy, Link } from '../world/world.ts';
import { ClockPings } from './clock-pings.ts';
import { Inbox } from './inbox.ts';
import type { LogItem } from './log-item.ts';
import { LogPreviews } from './log-previews.ts';
import { LogReaders } from './log-readers.ts';
import { Chunker, type SampleChunk } from './sample-chunks.ts';
import { refusalOf, type SessionErrorCode, sessionError } from './session-errors.ts';
import type { ClockMark, ReadOptions, SamplesOptions, SessionOptions, SessionStats } from './session-options.ts';
import { type SessionState, SessionStates } from './session-states.ts';
import { settledWithin } from './settled-within.ts';

export type { LogItem } from './log-item.ts';
export type { ClockMark, SessionOptions, SessionStats } from './session-options.ts';

/** Versions of the link that this host speaks. */
export const LINK_VERSIONS: readonly number[] = [2];
/** On a wire that both ends' memory allows. */
const PACKET_BYTES = 1_024;
const WINDOW_PACKETS = 32;

const OPEN_MS = 12_000;
/** People compare digits at their own pace; the protocol ends it after two minutes. */
const PAIRING_MS = 130_000;
const MARK_MS = 5_000;
/** For the goodbye, and again for the link: one that hangs is left behind. */
const CLOSE_MS = 1_000;

/**
 * `await using session = await DeviceSession.open(link, { clock, entropy }, { keys, trust })` closes session and link however the block ends.
 * Every promise settles: by its deadline, when its `signal` aborts (it is thrown what the signal was aborted with), or with the session.
 */
export class DeviceSession implements AsyncDisposable {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #peer: HostPeer;
  readonly #driver: PeerDriver;
  readonly #options: SessionOptions;
  readonly #states: SessionStates;
  readonly #gone = new AbortController();
  /** Something happened that `open` waits for. */
  readonly #opening = new Inbox<HostPeerEvent>(8);
  readonly #readers: LogReaders;
  readonly #previews: LogPreviews;
  readonly #pings: ClockPings;
  #info: Info | null = null;
  #deviceKey: Uint8Array | null = null;
  #ended: MaiboError | null = null;
  #running: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;

  private constructor(link: Link, world: { clock: Clock; entropy: Entropy }, options: SessionOptions) {
    const { packetBytesMax = link.packetBytesMax ?? PACKET_BYTES, window = WINDOW_PACKETS } = options;
    const random = (count: number) => world.entropy.bytes(count);
    const session: HostOptions = {
      suite: nodeSuite,
      own: options.keys,
      trust: options.trust,
      random,
      versions: LINK_VERSIONS,
      capabilities: [],
    };
    this.#link = link;
    this.#clock = world.clock;
    this.#options = options;
    this.#states = new SessionStates(world.clock, options.onState);
    this.#peer = new HostPeer({ packetBytesMax, window, entropy: random }, session);
    this.#driver = new PeerDriver(this.#peer, link, world.clock, () => this.#react());
    const { clock } = world;
    this.#pings = new ClockPings(clock, (id) => this.#say(this.#peer.send({ type: 'time-ping', id })));
    this.#previews = new LogPreviews({
      clock,
      where: link.name,
      want: (log, on) => this.#say(this.#peer.send({ type: 'want-live', log, on })),
    });
    this.#readers = new LogReaders({
      clock,
      where: link.name,
      pull: (log, position, credit) => this.#say(this.#peer.pull(log, position, credit)),
      about: () => this.info,
      onReading: (isReading) => this.#states.set(isReading ? 'reading' : 'ready'),
    });
  }

  /**
   * Shakes hands with whoever is at the other end. The link belongs to the session from here on: it is closed with it, and when this fails.
   * Errors: `link-timeout` when nobody answers, `link-lost`, `device-refused` when it is none of the devices that are trusted, or does not
   * trust this host.
   */
  static async open(
    link: Link,
    world: { clock: Clock; entropy: Entropy },
    options: SessionOptions,
  ): Promise<DeviceSession> {
    const session = new DeviceSession(link, world, options);
    session.#run();
    try {
      await session.#untilKnown();
    } catch (failure) {
      await session.close().catch(() => undefined);
      throw failure;
    }
    session.#states.set('ready');
    return session;
  }

  /** What the device said of itself when the session began, or last. */
  get info(): Info {
    return this.#info!;
  }

  /** The device's static key: keep it after pairing, it is how the device is known again. */
  get deviceKey(): Uint8Array {
    return this.#deviceKey!;
  }

  get state(): SessionState {
    return this.#states.current;
  }

  /** The state now, and again whenever it changes. Ends behind 'closed', or when `signal` aborts. */
  states(signal?: AbortSignal): AsyncIterable<SessionState> {
    return this.#states.watch(signal);
  }

  /** Aborts when the session is over; its reason is the `MaiboError` that says why. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get stats(): SessionStats {
    const { receivedBytes, badFrames } = this.#driver;
    return { ...this.#peer.stats, receivedBytes, badFrames };
  }

  /**
   * Pairs device ticks with UTC by a few pings. The uncertainty is half the shortest round trip plus the clock's own. Default deadline 5 s.
   * Errors: `link-timeout`, `link-lost`.
   */
  async markClock({ deadlineMs = MARK_MS, signal }: Patience = {}): Promise<ClockMark> {
    const late = () => this.#error('link-timeout', 'the device did not answer the time');
    const patience = { deadlineMs, ...(signal && { signal }) };
    return withPatience(this.#clock, patience, late, async (stop) => {
      const mark = await this.#pings.mark(this.info.tickRateHz, stop);
      if (mark !== null) return mark;
      throw this.#ended ?? late();
    });
  }

  /**
   * Items and gaps from `position` on, in order, each exactly once. Ends when the device says that nothing will follow, or when aborted; an 'end'
   * that is not final says that everything there is by now has come. When nothing comes for QUIET_MS behind an item, 'quiet' is given once: a
   * good moment to commit. The device waits when it is CREDIT_ITEMS ahead of the last `ack`. Several logs can be read at once, each once.
   */
  read(
    log: LogInfo,
    position: LogPosition,
    signal?: AbortSignal,
  ): AsyncGenerator<LogItem | { readonly kind: 'quiet' }, void> {
    return this.#readers.read(log, position, { ...(signal && { signal }), goesOnAlone: false });
  }

  /**
   * Samples from the start of a log on, in physical units, each once, as fast as they are taken. What is taken is not acknowledged: a device
   * keeps it, and may stop when it has no more room, until `ack` says that an item (`seq`) is durable.
   */
  async *samples(
    log: LogInfo,
    { from = LOG_START, ...options }: SamplesOptions = {},
  ): AsyncGenerator<SampleChunk, void> {
    const chunker = new Chunker(log, from.next === 0 ? 0 : null);
    for await (const item of this.#readers.read(log, from, { ...options, goesOnAlone: true })) {
      const chunk = item.kind === 'item' ? chunker.ofItem(item) : null;
      if (chunk !== null) yield chunk;
    }
  }

  /** Previews of what a log will hold, as soon as the device has measured it. Some may be missing: it is for the eye, `samples` is for the record. */
  live(log: LogInfo, options: ReadOptions = {}): AsyncGenerator<SampleChunk, void> {
    return this.#previews.read(log, options);
  }

  /** Tells the device that everything up to `upto` is durable. Call it only when that is true. */
  async ack(log: LogInfo, upto: number, level: 1 | 2 | 3): Promise<void> {
    this.#say(this.#peer.ack(log, upto, level));
    this.#readers.acknowledged(log, upto);
  }

  /** Says goodbye and closes the link. A link that hangs is left behind after a second or two, or when `signal` aborts. */
  close(patience: Patience = {}): Promise<void> {
    this.#closing ??= this.#close(patience);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close({ deadlineMs = 2 * CLOSE_MS, signal }: Patience): Promise<void> {
    if (this.#ended === null) this.#peer.send({ type: 'bye', code: 0 });
    this.#driver.stop();
    await settledWithin(this.#clock, deadlineMs / 2, this.#running, signal);
    this.#end(this.#error('link-lost', 'the session was closed'));
    await settledWithin(this.#clock, deadlineMs / 2, this.#link.close(), signal);
  }

  #run(): void {
    this.#running = this.#driver.run().then(
      () => this.#end(this.#error('link-lost', 'the link was closed')),
      (failure: unknown) =>
        this.#end(failure instanceof MaiboError ? failure : this.#error('link-lost', 'the link broke', failure)),
    );
  }

  async #untilKnown(): Promise<void> {
    const { signal, deadlineMs } = this.#options;
    const startMs = this.#clock.nowMonotonicMs();
    while (this.#info === null) {
      signal?.throwIfAborted();
      if (this.#ended !== null) throw this.#ended;
      const limitMs = deadlineMs ?? (this.state === 'pairing' ? PAIRING_MS : OPEN_MS);
      const leftMs = startMs + limitMs - this.#clock.nowMonotonicMs();
      if (leftMs <= 0) {
        const hint = this.#driver.silenceHint;
        throw this.#error('link-timeout', 'the device did not answer', null, hint);
      }
      await this.#opening.next(this.#clock, leftMs, signal);
    }
  }

  #react(): void {
    this.#fitPackets();
    for (const event of this.#peer.take()) this.#hear(event);
  }

  /** A radio agrees on longer packets some time after it has connected. */
  #fitPackets(): void {
    const { packetBytesMax } = this.#link;
    if (this.#options.packetBytesMax === undefined && packetBytesMax !== null)
      this.#peer.packetBytesMax = packetBytesMax;
  }

  #hear(event: HostPeerEvent): void {
    if (event.kind === 'device') this.#route(event.event);
    else if (event.kind === 'ready') this.#deviceKey = event.peerKey;
    else if (event.kind === 'sas') this.#compare(event.digits);
    else if (event.kind === 'restarted' && this.#info !== null)
      this.#end(this.#error('link-lost', 'the device restarted'));
    else if (event.kind === 'dead')
      this.#end(this.#error(event.why === 'silent' ? 'link-timeout' : 'device-refused', event.detail));
    else if (event.kind === 'closed') this.#end(refusalOf(this.#link.name, event.code, event.detail));
    if (this.#info === null || event.kind === 'sas') this.#opening.push(event);
  }

  /** Each reader gets what concerns its log; what concerns all, all. */
  #route(event: HostEvent): void {
    if (event.event === 'pong') this.#pings.take(event.id, event.boot, event.ticks);
    else if (event.event === 'live') this.#previews.take(event);
    else if (!this.#readers.take(event))
      this.#end(this.#error('device-refused', 'the device says more than it was asked for'));
    if (event.event === 'info') {
      this.#info = event.info;
      this.#opening.end();
    }
    if (event.event === 'failure') this.#previews.take(event);
    if (event.event === 'violation')
      this.#end(this.#error('device-refused', `the device broke the rules: ${event.detail}`));
  }

  #compare(digits: string): void {
    const { compareDigits } = this.#options;
    this.#states.set('pairing');
    const decide = (same: boolean) => {
      this.#peer.decideSas(same, this.#clock.nowMonotonicMs());
      this.#driver.kick();
    };
    if (compareDigits === undefined) decide(false);
    else void compareDigits(digits, this.gone).then(decide, () => decide(false));
  }

  #end(error: MaiboError): void {
    if (this.#ended !== null) return;
    this.#ended = error;
    this.#states.set('closed');
    this.#pings.end();
    this.#readers.end(error);
    this.#previews.end(error);
    this.#opening.end();
    this.#driver.stop();
    this.#gone.abort(error);
  }

  /** `isSaid`: false when there was no session to say it in. */
  #say(isSaid: boolean): void {
    if (!isSaid) throw this.#ended ?? this.#error('link-lost', 'there is no session any more');
    this.#driver.kick();
  }

  #error(code: SessionErrorCode, message: string, cause?: unknown, hint?: string): MaiboError {
    return sessionError(this.#link.name, code, message, cause, hint);
  }
}
