// A radio in memory that serves simulated devices, for tests and examples without D-Bus. Devices come into reach, go, and drop connections
// as they are told; time is the clock's, so a day passes as fast as the clock says.
//
//     const strap = createStrap({ seed: 7 });
//     await using radio = createMemoryRadio([strap]);
//     const peer = await radio.connect(radio.addressOf(strap));
import {
  type Advertisement,
  type Clock,
  type ConnectOptions,
  MaiboError,
  type PairingQuestion,
  type PairOptions,
  type Patience,
  type Radio,
  type RadioCounts,
  type RadioPeer,
  type RadioState,
  type ScanOptions,
  systemClock,
} from '@maibo/sdk';
import { Feed } from './feed.ts';
import type { GattDevice } from './gatt-device.ts';
import { MemoryPeer } from './memory-peer.ts';
import { Station } from './memory-station.ts';
import { withPatience } from './patience.ts';

const CONNECT_MS = 30_000;
const PAIR_MS = 60_000;
const ATT_MTU = 247;
const DEVICES_MAX = 4_096;

export interface MemoryRadioOptions {
  readonly clock?: Clock;
  /** Of every connection; 247 by default. */
  readonly attMtu?: number;
}

export interface MemoryRadio extends Radio {
  addressOf(device: GattDevice): string;
  /** A device comes into reach that was not there before; gives its address. */
  add(device: GattDevice): string;
  /** Out of reach it is not heard, cannot be connected to, and loses its connections. */
  setInReach(address: string, isInReach: boolean): void;
  /** The connections to it are lost; it stays in reach. */
  drop(address: string): void;
  /** It turns down so many connects. */
  refuseConnects(address: string, count: number): void;
  setPairing(address: string, pairing: PairingQuestion | 'refuse'): void;
  setState(state: RadioState): void;
}

export function createMemoryRadio(devices: readonly GattDevice[] = [], options: MemoryRadioOptions = {}): MemoryRadio {
  const radio = new RadioInMemory(options.clock ?? systemClock, options.attMtu ?? ATT_MTU);
  for (const device of devices) radio.add(device);
  return radio;
}

class RadioInMemory implements MemoryRadio {
  readonly name = 'memory';
  readonly #clock: Clock;
  readonly #attMtu: number;
  readonly #stations = new Map<string, Station>();
  readonly #states = new Set<Feed<RadioState>>();
  readonly #scans = new Map<Feed<Advertisement>, readonly string[] | undefined>();
  readonly #ended = new AbortController();
  readonly #lives: Promise<void>[] = [];
  #state: RadioState = 'ready';
  #connectCount = 0;
  #dropped = 0;

  constructor(clock: Clock, attMtu: number) {
    this.#clock = clock;
    this.#attMtu = attMtu;
  }

  get state(): RadioState {
    return this.#state;
  }

  get counts(): RadioCounts {
    const stations = [...this.#stations.values()];
    const connections = stations.reduce((sum, { links }) => sum + links.size, 0);
    const listeners = stations.reduce((sum, { listenerCount }) => sum + listenerCount, 0);
    const reconnects = Math.max(0, this.#connectCount - stations.length);
    return { matchRules: 0, listeners, callsInFlight: 0, connections, reconnects, dropped: this.#dropped };
  }

  add(device: GattDevice): string {
    if (this.#stations.size >= DEVICES_MAX) throw new RangeError(`at most ${DEVICES_MAX} devices`);
    const number = this.#stations.size + 1;
    const low = [16, 8, 0].map((shift) => ((number >> shift) & 0xff).toString(16).padStart(2, '0').toUpperCase());
    const station = new Station(device, `C0:FF:EE:${low.join(':')}`, this.#attMtu);
    this.#stations.set(station.address, station);
    this.#lives.push(device.run(station.air(this.#clock), this.#ended.signal));
    this.#announce(station);
    return station.address;
  }

  addressOf(device: GattDevice): string {
    for (const station of this.#stations.values()) if (station.device === device) return station.address;
    throw new TypeError(`${device.name} is not on this air`);
  }

  setInReach(address: string, isInReach: boolean): void {
    const station = this.#at(address);
    station.isInReach = isInReach;
    if (isInReach) this.#announce(station);
    else this.drop(address);
  }

  drop(address: string): void {
    this.#at(address).drop(new MaiboError('link-lost', `${address} is out of reach`));
  }

  refuseConnects(address: string, count: number): void {
    this.#at(address).refusals = count;
  }

  setPairing(address: string, pairing: PairingQuestion | 'refuse'): void {
    this.#at(address).pairing = pairing;
  }

  setState(state: RadioState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const feed of this.#states) feed.push(state);
    if (state === 'ready') return;
    for (const feed of this.#scans.keys()) feed.end(stateFailure(state));
    for (const station of this.#stations.values()) station.drop(new MaiboError('link-lost', `the radio is ${state}`));
  }

  async *states(signal?: AbortSignal): AsyncIterable<RadioState> {
    const feed = new Feed<RadioState>();
    feed.push(this.#state);
    yield* this.#follow(this.#states, feed, signal);
  }

  async *scan({ services, signal }: ScanOptions = {}): AsyncIterable<Advertisement> {
    this.#assertReady();
    const feed = new Feed<Advertisement>();
    this.#scans.set(feed, services);
    for (const station of this.#stations.values()) this.#announce(station, feed);
    yield* this.#follow(this.#scans, feed, signal);
  }

  async connect(address: string, options: ConnectOptions = {}): Promise<RadioPeer> {
    return withPatience(this.#clock, CONNECT_MS, options, `${address} does not answer`, async (signal) => {
      const station = await this.#reach(address, signal);
      if (station.refusals > 0) {
        station.refusals--;
        throw new MaiboError('link-open', `${address} turned the connection down`);
      }
      for (const service of options.services ?? [])
        if (!station.serviceUuids.includes(service)) throw new MaiboError('link-open', `${address} has no ${service}`);
      const central = { id: `memory ${++this.#connectCount}`, mtu: this.#attMtu };
      return new MemoryPeer(station, this.#clock, central, () => this.#dropped++);
    });
  }

  async pair(address: string, options: PairOptions = {}): Promise<void> {
    await withPatience(this.#clock, PAIR_MS, options, `${address} does not answer`, async (signal) => {
      const station = await this.#reach(address, signal);
      if (station.pairing === 'refuse' || !(await isAgreed(station.pairing, options)))
        throw new MaiboError('pairing-failed', `${address}: the devices did not agree`);
      station.isPaired = true;
    });
  }

  async forget(address: string, _patience?: Patience): Promise<void> {
    const station = this.#stations.get(address);
    if (!station) return;
    station.isPaired = false;
    station.drop(new MaiboError('link-lost', `${address} is forgotten`));
  }

  async close(): Promise<void> {
    this.#ended.abort();
    for (const station of this.#stations.values()) station.drop(new MaiboError('link-lost', 'the radio is closed'));
    for (const feed of this.#states) feed.end();
    for (const feed of this.#scans.keys()) feed.end();
    await Promise.all(this.#lives);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async *#follow<T>(
    feeds: { add?(feed: Feed<T>): unknown; delete(feed: Feed<T>): boolean },
    feed: Feed<T>,
    signal?: AbortSignal,
  ): AsyncIterable<T> {
    feeds.add?.(feed);
    const either = signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal;
    const end = () => feed.end();
    either.addEventListener('abort', end, { once: true });
    if (either.aborted) end();
    try {
      yield* feed;
    } finally {
      either.removeEventListener('abort', end);
      feeds.delete(feed);
    }
  }

  #announce(station: Station, only?: Feed<Advertisement>): void {
    if (!station.isInReach || this.#state !== 'ready') return;
    for (const [feed, services] of this.#scans) {
      if (only && feed !== only) continue;
      const isWanted = services === undefined || services.some((one) => station.device.advertises.includes(one));
      if (isWanted) feed.push(station.advertisement);
    }
  }

  /** Waits for a device that is not in reach; the deadline is the caller's. */
  async #reach(address: string, signal: AbortSignal): Promise<Station> {
    this.#assertReady();
    const station = this.#stations.get(address);
    if (station?.isInReach) return station;
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  #at(address: string): Station {
    const station = this.#stations.get(address);
    if (!station) throw new TypeError(`nobody at ${address}`);
    return station;
  }

  #assertReady(): void {
    if (this.#ended.signal.aborted) throw new MaiboError('radio-absent', 'the radio is closed');
    if (this.#state !== 'ready') throw stateFailure(this.#state);
  }
}

function stateFailure(state: RadioState): MaiboError {
  return new MaiboError(state === 'off' ? 'radio-off' : 'radio-absent', `the radio is ${state}`);
}

async function isAgreed(question: PairingQuestion, { answer }: PairOptions): Promise<boolean> {
  if (!answer) return question.kind === 'allow';
  const said = await answer(question);
  return question.kind === 'enter' ? typeof said === 'string' : said === true;
}
