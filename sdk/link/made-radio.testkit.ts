// A radio for tests, in memory: the peripherals that a test puts into its air, in no time at all. As strict as the real one: what is not
// there is refused, what has gone is `link-lost`, and every wait ends.
import { MaiboError } from '../errors.ts';
import { systemClock } from '../world/node-clock.ts';
import type {
  Advertisement,
  ConnectOptions,
  GattAddress,
  Notifications,
  PairOptions,
  Patience,
  Radio,
  RadioCounts,
  RadioPeer,
  RadioState,
  ScanOptions,
} from '../world/radio.ts';
import type { Clock } from '../world/world.ts';
import { LatestByKey, LatestValue } from './latest.ts';
import { MadePeripheral, type MadePeripheralOptions } from './made-peripheral.testkit.ts';
import { aborted, withPatience } from './patience.ts';
import { ValueQueue } from './value-queue.ts';

const CONNECT_MS = 30_000;
const PAIR_MS = 60_000;
const PERIPHERALS_MAX = 1_000;

export class MadeRadio implements Radio {
  readonly name = 'made0';
  readonly #clock: Clock;
  readonly #air = new Map<string, MadePeripheral>();
  readonly #state = new LatestValue<RadioState>('ready');
  readonly #scans = new Set<{ queue: LatestByKey<Advertisement>; services: readonly string[] | null }>();
  readonly #peers = new Set<MadePeer>();
  #dropped = 0;
  #connects = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Comes into reach. */
  add(options: MadePeripheralOptions): MadePeripheral {
    const peripheral = new MadePeripheral(options);
    this.#air.set(options.address, peripheral);
    this.announce(peripheral);
    return peripheral;
  }

  /** Goes out of reach. */
  remove(peripheral: MadePeripheral): void {
    this.#air.delete(peripheral.address);
    peripheral.drop();
  }

  /** Heard once more by who scans. */
  announce(peripheral: MadePeripheral): void {
    for (const { queue, services } of this.#scans) {
      if (services !== null && !services.some((service) => peripheral.services.includes(service))) continue;
      queue.push(peripheral.address, peripheral.advertisement);
    }
  }

  /** As if somebody switched it off, or pulled the dongle; and on again. */
  setState(state: RadioState): void {
    this.#state.set(state);
    if (state === 'ready') return;
    for (const scan of this.#scans) scan.queue.end(unready(state));
    for (const peripheral of this.#air.values()) peripheral.drop();
  }

  get state(): RadioState {
    return this.#state.value;
  }

  get counts(): RadioCounts {
    const listeners = [...this.#air.values()].reduce((sum, peripheral) => sum + peripheral.listenerCount, 0);
    const connections = this.#peers.size;
    const reconnects = Math.max(0, this.#connects - this.#air.size);
    return { matchRules: 0, listeners, callsInFlight: 0, connections, reconnects, dropped: this.#dropped };
  }

  states(signal?: AbortSignal): AsyncIterable<RadioState> {
    return this.#state.follow(signal);
  }

  async *scan(options: ScanOptions = {}): AsyncGenerator<Advertisement> {
    this.#assertReady();
    const scan = { queue: new LatestByKey<Advertisement>(PERIPHERALS_MAX), services: options.services ?? null };
    const end = () => scan.queue.end();
    options.signal?.addEventListener('abort', end, { once: true });
    if (options.signal?.aborted) end();
    this.#scans.add(scan);
    for (const peripheral of this.#air.values()) this.announce(peripheral);
    try {
      yield* scan.queue.drain();
    } finally {
      this.#scans.delete(scan);
      options.signal?.removeEventListener('abort', end);
    }
  }

  async connect(address: string, options: ConnectOptions = {}): Promise<RadioPeer> {
    const patience = { deadlineMs: CONNECT_MS, ...options };
    const late = () => new MaiboError('link-timeout', 'the device does not answer', { where: address });
    return withPatience(this.#clock, patience, late, async (signal) => {
      this.#assertReady();
      const peripheral = this.#air.get(address);
      if (peripheral === undefined || peripheral.isDeaf) return never(signal);
      for (const service of options.services ?? []) {
        if (!peripheral.services.includes(service)) {
          throw new MaiboError('link-open', `the device has no service ${service}`, { where: address });
        }
      }
      this.#connects += 1;
      const peer = new MadePeer(peripheral, () => {
        this.#dropped += 1;
      });
      this.#peers.add(peer);
      peer.gone.addEventListener('abort', () => this.#peers.delete(peer), { once: true });
      return peer;
    });
  }

  async pair(address: string, options: PairOptions = {}): Promise<void> {
    const patience = { deadlineMs: PAIR_MS, ...options };
    const late = () => new MaiboError('link-timeout', 'pairing took too long', { where: address });
    await withPatience(this.#clock, patience, late, async (signal) => {
      this.#assertReady();
      const peripheral = this.#air.get(address);
      if (peripheral === undefined || peripheral.isDeaf) return never(signal);
      const question = peripheral.options.pairing ?? { kind: 'allow' };
      const refused = new MaiboError('pairing-failed', 'the devices did not agree', { where: address });
      if (question === 'refuses') throw refused;
      if (options.answer === undefined && question.kind !== 'allow') throw refused;
      const answer = (await options.answer?.(question)) ?? (options.answer === undefined ? true : null);
      if (answer === null || answer === false) throw refused;
      if (question.kind === 'enter' && typeof answer !== 'string') throw refused;
      peripheral.isPaired = true;
    });
  }

  async forget(address: string): Promise<void> {
    const peripheral = this.#air.get(address);
    if (peripheral === undefined) return;
    peripheral.isPaired = false;
    peripheral.drop();
  }

  async close(): Promise<void> {
    for (const peer of [...this.#peers]) await peer.close();
    for (const scan of this.#scans) scan.queue.end();
    this.#state.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #assertReady(): void {
    if (this.state !== 'ready') throw unready(this.state);
  }
}

function unready(state: RadioState): MaiboError {
  if (state === 'off') return new MaiboError('radio-off', 'the radio is switched off');
  return new MaiboError('radio-absent', 'there is no radio');
}

async function never(signal: AbortSignal): Promise<never> {
  await aborted(signal);
  throw signal.reason;
}

class MadePeer implements RadioPeer {
  readonly #peripheral: MadePeripheral;
  readonly #gone: AbortController;
  readonly #onDrop: () => void;
  readonly #listening = new Map<ValueQueue, GattAddress>();

  constructor(peripheral: MadePeripheral, onDrop: () => void) {
    this.#peripheral = peripheral;
    this.#onDrop = onDrop;
    this.#gone = peripheral.connect();
    this.gone.addEventListener('abort', () => this.#endAll(), { once: true });
  }

  get address(): string {
    return this.#peripheral.address;
  }

  get name(): string | null {
    return this.#peripheral.name;
  }

  get attMtu(): number | null {
    return this.#peripheral.attMtu;
  }

  get services(): readonly string[] {
    return this.#peripheral.services;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  has(at: GattAddress): boolean {
    return this.#peripheral.characteristic(at) !== null;
  }

  async read(at: GattAddress, patience: Patience = {}): Promise<Uint8Array> {
    const { value } = this.#at(at, patience);
    if (value === undefined) throw refused(at, 'it cannot be read');
    return (typeof value === 'function' ? value() : value).slice();
  }

  async write(at: GattAddress, bytes: Uint8Array, how: 'request' | 'command', patience: Patience = {}): Promise<void> {
    const { onWrite } = this.#at(at, patience);
    const { attMtu } = this;
    if (onWrite === undefined) throw refused(at, 'it cannot be written');
    const bytesMax = how === 'request' ? 512 : (attMtu ?? 23) - 3;
    if (bytes.length > bytesMax) throw refused(at, `${bytes.length} bytes do not fit, ${bytesMax} do`);
    await onWrite(bytes.slice(), how);
  }

  async listen(at: GattAddress, patience: Patience = {}): Promise<Notifications> {
    this.#at(at, patience);
    const queue = new ValueQueue(this.#onDrop);
    this.#listening.set(queue, at);
    this.#peripheral.listen(at, queue);
    const close = async () => this.#end(queue, null);
    return { [Symbol.asyncIterator]: () => queue[Symbol.asyncIterator](), close, [Symbol.asyncDispose]: close };
  }

  async close(): Promise<void> {
    if (this.gone.aborted) return;
    for (const queue of this.#listening.keys()) this.#end(queue, null);
    this.#peripheral.disconnect(this.#gone, new MaiboError('link-lost', 'the connection was closed'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #at(at: GattAddress, { signal }: Patience) {
    signal?.throwIfAborted();
    if (this.gone.aborted) throw this.gone.reason;
    const characteristic = this.#peripheral.characteristic(at);
    if (characteristic === null) throw refused(at, 'the device does not have it');
    return characteristic;
  }

  #endAll(): void {
    for (const queue of this.#listening.keys()) this.#end(queue, this.gone.reason);
  }

  #end(queue: ValueQueue, failure: unknown): void {
    const at = this.#listening.get(queue);
    if (at === undefined) return;
    this.#listening.delete(queue);
    this.#peripheral.unlisten(at, queue);
    queue.end(failure);
  }
}

function refused(at: GattAddress, why: string): MaiboError {
  return new MaiboError('radio-refused', `the characteristic was refused: ${why}`, { where: at.characteristic });
}
