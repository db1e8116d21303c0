// Collects what one connected clinic device says into the store, until it goes away: listen, stamp, seal, commit. One reader takes the values
// of all its characteristics.
//
//   notifications ─▶ pumps ─▶ inbox ─▶ streams (one per service) ─▶ commit: a measurement at once, intervals once a second
//   control point of a meter ─▶ inbox ─▶ fetch ─▶ next request
import { gatt } from '@maibo/protocols';
import { type AboutDevice, readAbout } from '../clinic/about-device.ts';
import { CLINIC_KINDS, type ClinicKind, type ClinicKindName, recogniseClinicDevice } from '../clinic/clinic-kinds.ts';
import { FETCH_QUIET_MS, type FetchedValue, GlucoseFetch } from '../clinic/glucose-fetch.ts';
import { setDeviceTime } from '../clinic/set-time.ts';
import { Inbox } from '../device/inbox.ts';
import { isMaiboError, MaiboError } from '../errors.ts';
import type { Result } from '../pipeline/result.ts';
import type { Store } from '../store/store.ts';
import type { GattAddress, Notifications, RadioPeer } from '../world/radio.ts';
import type { Clock, Entropy, Signer } from '../world/world.ts';
import { ClinicStream } from './clinic-stream.ts';
import { recallGlucose } from './glucose-recall.ts';
import type { Committer } from './group-committer.ts';

export interface ClinicCollection {
  /** Connected; the caller closes it. */
  readonly peer: RadioPeer;
  /** 16 bytes that stand for the device: `pseudonymOf` its address. */
  readonly device: Uint8Array;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly signer: Signer;
  readonly signal?: AbortSignal;
  /** How batches become durable; each in a transaction of its own when it is not given. */
  readonly committer?: Committer;
  /** After each durable commit. */
  readonly onCommit?: (progress: ClinicProgress) => void;
  /** Only these; all that the device offers by default. */
  readonly kinds?: readonly ClinicKindName[];
  /** Sets the device's clock to UTC plus this, where it lets itself be set; absent: it keeps its own. */
  readonly setTimeUtcOffsetMinutes?: number;
}

export interface ClinicProgress {
  readonly kind: ClinicKindName;
  readonly results: readonly Result[];
  readonly recordCount: number;
  readonly segmentCount: number;
}

export interface ClinicSummary {
  readonly kinds: readonly ClinicKindName[];
  readonly about: AboutDevice;
  /** The device took the time it was given. */
  readonly isTimeSet: boolean;
  /** What was stored, durably. */
  readonly valueCount: number;
  readonly resultCount: number;
  /** Values among them that are no measurement by their service's rules. */
  readonly badCount: number;
  /** 'gone': the connection ended. 'stopped': the signal aborted. 'done': a meter has told all it had, and nothing else is to be heard. */
  readonly end: 'gone' | 'stopped' | 'done';
}

const RACP = gatt.recordAccessControlPoint.uuid;
const LISTEN_MS = 10_000;
const WRITE_MS = 10_000;
/** An abort is a courtesy to a meter that would go on sending. */
const ABORT_MS = 1_000;
/** Notifications that were closed end at once; a radio that hangs keeps nobody. */
const CLOSE_MS = 5_000;
/** How often the meter's silence is measured. */
const TURN_MS = 1_000;
/** Values that wait for the disk; a meter's whole memory fits. More means that the disk does not keep up. */
const WAITING_MAX = 4_096;

interface Arrival {
  readonly kind: ClinicKind;
  readonly characteristic: number;
  readonly value: Uint8Array;
  readonly atMs: number;
}

/**
 * Runs until the device is gone, the signal aborts, or a meter is done. What the summary counts is durable.
 * Errors: `device-unknown` when it offers none of the kinds, `device-refused` when it breaks the rules or floods, `radio-refused`, `link-timeout`,
 * `store-full`, `store-busy`; all of them leave the store whole, with everything that was committed before.
 */
export async function collectClinicDevice(collection: ClinicCollection): Promise<ClinicSummary> {
  const kinds = kindsOf(collection);
  const visit = new ClinicVisit(collection);
  try {
    await visit.open(kinds);
    await visit.run();
    return visit.summary();
  } catch (failure) {
    // What was taken before is good, unless it is the store that failed.
    if (!isMaiboError(failure, 'store-full', 'store-busy', 'store-conflict')) await visit.commitAll();
    if (!isOver(failure, collection)) throw failure;
    return visit.summary();
  } finally {
    await visit.close();
  }
}

function kindsOf({ peer, kinds: wanted }: ClinicCollection): readonly ClinicKind[] {
  const kinds = recogniseClinicDevice(peer).filter(({ name }) => wanted?.includes(name) ?? true);
  if (kinds.length > 0) return kinds;
  const names = (wanted ?? CLINIC_KINDS.map(({ name }) => name)).join(', ');
  throw new MaiboError('device-unknown', `the device offers none of: ${names}`, {
    hint: 'look with `maibo scan` at what it announces',
  });
}

/** How calls to a device fail that is gone, or that nobody wants any more. */
export const CONNECTION_FAILURES = [
  'link-lost',
  'link-timeout',
  'link-open',
  'radio-refused',
  'radio-absent',
  'radio-off',
] as const;

/** Whether the connection ended, or was ended, and nothing else went wrong. */
function isOver(failure: unknown, { peer, signal }: ClinicCollection): boolean {
  const isStopped = signal?.aborted === true;
  if (isStopped && failure === signal.reason) return true;
  return (isStopped || peer.gone.aborted) && isMaiboError(failure, ...CONNECTION_FAILURES);
}

class ClinicVisit {
  readonly #with: ClinicCollection;
  readonly #inbox = new Inbox<Arrival>(WAITING_MAX);
  readonly #ears: Notifications[] = [];
  #pumps: Promise<void>[] = [];
  #streams: ClinicStream[] = [];
  #about: AboutDevice = { sensor: null, firmware: null, batteryPercent: null };
  #isTimeSet = false;
  #fetch: GlucoseFetch | null = null;
  #valueCount = 0;
  #resultCount = 0;

  constructor(collection: ClinicCollection) {
    this.#with = collection;
  }

  async open(kinds: readonly ClinicKind[]): Promise<void> {
    const { peer, clock, signal, setTimeUtcOffsetMinutes: offset } = this.#with;
    this.#about = await readAbout(peer, signal);
    this.#streams = kinds.map((kind) => new ClinicStream({ ...this.#with, kind, about: this.#about }));
    for (const kind of kinds) {
      for (const characteristic of kind.measurements) await this.#listen(kind, characteristic);
      if (kind.collected === 'fetched') await this.#listen(kind, RACP);
    }
    void Promise.all(this.#pumps).then(() => this.#inbox.end());
    this.#isTimeSet = offset !== undefined && (await setDeviceTime(peer, clock.nowUtcUs(), offset, signal));
    const meter = this.#meter;
    if (meter === undefined || !peer.has(addressOf(meter.kind, RACP))) return;
    this.#fetch = new GlucoseFetch(await recallGlucose(this.#with.store, meter.streamId, clock));
    await this.#ask(this.#fetch.begin(this.#nowMs));
  }

  async run(): Promise<void> {
    const { clock, signal, peer } = this.#with;
    while (!this.#isDone) {
      const arrival = await this.#inbox.next(clock, this.#waitMs, signal);
      if (arrival !== null) await this.#take(arrival);
      else if (signal?.aborted || peer.gone.aborted || this.#inbox.isEnded) break;
      await this.#ask(this.#fetch?.poll(this.#nowMs) ?? null);
      await this.#commitDue();
    }
    this.#keep(this.#fetch?.leftOver() ?? []);
    await this.commitAll();
  }

  async commitAll(): Promise<void> {
    for (const stream of this.#streams) await this.#commit(stream);
  }

  /** Ends what is under way at the device, as far as it still hears. Never throws. */
  async close(): Promise<void> {
    const { peer } = this.#with;
    const abort = peer.gone.aborted ? null : (this.#fetch?.abort(this.#nowMs) ?? null);
    const meter = this.#meter;
    if (abort !== null && meter !== undefined) {
      await peer.write(addressOf(meter.kind, RACP), abort, 'request', { deadlineMs: ABORT_MS }).catch(() => undefined);
    }
    for (const ear of this.#ears) await ear.close().catch(() => undefined);
    const late = new AbortController();
    await Promise.race([Promise.all(this.#pumps), this.#with.clock.sleep(CLOSE_MS, late.signal)]);
    late.abort();
  }

  summary(): ClinicSummary {
    const { signal } = this.#with;
    return {
      kinds: this.#streams.map(({ kind }) => kind.name),
      about: this.#about,
      isTimeSet: this.#isTimeSet,
      valueCount: this.#valueCount,
      resultCount: this.#resultCount,
      badCount: this.#streams.reduce((sum, stream) => sum + stream.badCount, 0),
      end: this.#isDone ? 'done' : signal?.aborted ? 'stopped' : 'gone',
    };
  }

  /** Only a meter has an end of its own. */
  get #isDone(): boolean {
    return this.#fetch?.isDone === true && this.#streams.every(({ kind }) => kind.collected === 'fetched');
  }

  get #nowMs(): number {
    return this.#with.clock.nowMonotonicMs();
  }

  async #listen(kind: ClinicKind, characteristic: number): Promise<void> {
    const { peer, signal } = this.#with;
    const at = addressOf(kind, characteristic);
    if (!peer.has(at)) return;
    const ear = await peer.listen(at, { deadlineMs: LISTEN_MS, ...(signal && { signal }) });
    this.#ears.push(ear);
    this.#pumps.push(this.#pump(ear, kind, characteristic));
  }

  /** Settles when the notifications end. They end with the connection, which is no failure of the collection. */
  async #pump(ear: Notifications, kind: ClinicKind, characteristic: number): Promise<void> {
    try {
      for await (const value of ear) {
        if (this.#inbox.push({ kind, characteristic, value, atMs: this.#nowMs })) continue;
        const hint = 'the connection was ended; what came before is stored';
        return this.#inbox.end(new MaiboError('device-refused', 'more values wait than the disk can take', { hint }));
      }
    } catch (failure) {
      if (!isMaiboError(failure, 'link-lost')) this.#inbox.end(failure);
    }
  }

  async #take({ kind, characteristic, value, atMs }: Arrival): Promise<void> {
    const fetch = kind.collected === 'fetched' ? this.#fetch : null;
    if (fetch === null) {
      if (characteristic !== RACP) this.#store(this.#streamOf(kind), { characteristic, value, atMs });
    } else if (characteristic === RACP) fetch.answer(value, atMs);
    else this.#keep(fetch.take({ characteristic, value, atMs }));
    await this.#ask(fetch?.limit(this.#nowMs) ?? null);
  }

  /** What a meter gave that is new. */
  #keep(values: readonly FetchedValue[]): void {
    for (const value of values) this.#store(this.#meter, value);
  }

  #store(stream: ClinicStream | undefined, { characteristic, value, atMs }: FetchedValue): void {
    if (stream === undefined) throw new Error('a value of a service that was not asked for');
    stream.take(characteristic, value, atMs);
    this.#valueCount++;
  }

  #streamOf(kind: ClinicKind): ClinicStream | undefined {
    return this.#streams.find((stream) => stream.kind === kind);
  }

  get #meter(): ClinicStream | undefined {
    return this.#streams.find(({ kind }) => kind.collected === 'fetched');
  }

  /** To the meter's control point. */
  async #ask(request: Uint8Array | null): Promise<void> {
    const meter = this.#meter;
    if (request === null || meter === undefined) return;
    const { peer, signal } = this.#with;
    await peer.write(addressOf(meter.kind, RACP), request, 'request', {
      deadlineMs: WRITE_MS,
      ...(signal && { signal }),
    });
  }

  /** Until something is due without anything coming. */
  get #waitMs(): number {
    const commits = this.#streams.map((stream) => stream.commitInMs(this.#nowMs) ?? TURN_MS);
    return Math.min(this.#fetch?.isSettling ? FETCH_QUIET_MS : TURN_MS, ...commits);
  }

  async #commitDue(): Promise<void> {
    for (const stream of this.#streams) if (stream.commitInMs(this.#nowMs) === 0) await this.#commit(stream);
  }

  async #commit(stream: ClinicStream): Promise<void> {
    const done = await stream.commit();
    if (done === null) return;
    this.#resultCount += done.results.length;
    const { results, recordCount, segmentCount } = done;
    this.#with.onCommit?.({ kind: stream.kind.name, results, recordCount, segmentCount });
  }
}

function addressOf(kind: ClinicKind, characteristic: number): GattAddress {
  return { service: gatt.gattUuidText(kind.service), characteristic: gatt.gattUuidText(characteristic) };
}
