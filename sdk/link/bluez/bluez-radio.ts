// The radio of a Linux machine: BlueZ, spoken to over D-Bus (DESIGN.md). Nothing of D-Bus comes out at the top.
import { MaiboError } from '../../errors.ts';
import type {
  Advertisement,
  ConnectOptions,
  PairOptions,
  Patience,
  Radio,
  RadioCounts,
  RadioPeer,
  RadioState,
  ScanOptions,
} from '../../world/radio.ts';
import type { Clock } from '../../world/world.ts';
import { LatestByKey } from '../latest.ts';
import { withPatience } from '../patience.ts';
import { advertisementOf, type BluezAdapter } from './bluez-adapter.ts';
import { DEVICE, devicePathOf } from './bluez-names.ts';
import { BluezPeer } from './bluez-peer.ts';
import { BluezSession, type RadioLog } from './bluez-session.ts';
import { openWire, type WireOpener } from './bus-wire.ts';
import { type ConnectStep, connectDevice } from './connect-device.ts';
import { ConnectHistory } from './connect-history.ts';
import type { MirrorChange, Properties } from './object-mirror.ts';
import { pairDevice } from './pair-device.ts';

export interface BluezOptions {
  /** "hci0", or the adapter's own address. Default: the first adapter there is. */
  readonly adapter?: string;
  /** Default: DBUS_SYSTEM_BUS_ADDRESS, else the system bus. */
  readonly busAddress?: string;
  readonly clock: Clock;
  readonly log?: RadioLog;
  /** For tests: another way onto the bus. */
  readonly openWire?: WireOpener;
}

export interface BluezRadio extends Radio {
  /** Match rules that the bus daemon holds for us, by its own count; null where it does not tell. */
  matchRulesOfDaemon(patience?: Patience): Promise<number | null>;
}

const SYSTEM_BUS = 'unix:path=/var/run/dbus/system_bus_socket';
const CONNECT_MS = 30_000;
const PAIR_MS = 60_000;
const FORGET_MS = 10_000;
const HEARD_MAX = 4096;
/** Connects that failed in a row before BlueZ is made to forget the device. */
const FAILURES_MAX = 3;

/** Resolves in any state of the radio, `absent` included: it may come. Never rejects. */
export async function openBluezRadio(options: BluezOptions): Promise<BluezRadio> {
  const radio = new RadioOverBluez(options);
  await radio.start();
  return radio;
}

interface Scan {
  readonly queue: LatestByKey<Advertisement>;
  readonly services: readonly string[] | null;
}

class RadioOverBluez implements BluezRadio {
  readonly #clock: Clock;
  readonly #session: BluezSession;
  readonly #peers = new Map<string, BluezPeer>();
  readonly #scans = new Set<Scan>();
  readonly #history = new ConnectHistory();
  readonly #wantedName: string;
  readonly #log: RadioLog;
  #dropped = 0;
  #reconnects = 0;

  constructor(options: BluezOptions) {
    this.#clock = options.clock;
    this.#log = options.log ?? (() => {});
    this.#wantedName = options.adapter ?? 'bluetooth';
    this.#session = new BluezSession({
      openWire: options.openWire ?? openWire,
      busAddress: options.busAddress ?? process.env.DBUS_SYSTEM_BUS_ADDRESS ?? SYSTEM_BUS,
      adapter: options.adapter ?? null,
      clock: options.clock,
      log: this.#log,
      onChange: (change) => this.#changed(change),
      onValue: (path, value) => this.#take(path, value),
      onDown: (reason) => this.#down(reason),
    });
  }

  start(): Promise<void> {
    return this.#session.start();
  }

  get name(): string {
    return this.#session.adapterName ?? this.#wantedName;
  }

  get state(): RadioState {
    return this.#session.state.value;
  }

  get counts(): RadioCounts {
    const { bus, watcherCount } = this.#session;
    const heard = [...this.#peers.values()].reduce((sum, { listenerCount }) => sum + listenerCount, 0);
    return {
      matchRules: bus?.matchRules ?? 0,
      listeners: heard + watcherCount + this.#scans.size,
      callsInFlight: bus?.callsInFlight ?? 0,
      connections: this.#peers.size,
      reconnects: this.#reconnects,
      dropped: this.#dropped,
    };
  }

  states(signal?: AbortSignal): AsyncIterable<RadioState> {
    return this.#session.state.follow(signal);
  }

  async matchRulesOfDaemon(patience?: Patience): Promise<number | null> {
    return (await this.#session.bus?.matchRulesOfDaemon(patience)) ?? null;
  }

  async *scan({ services, signal }: ScanOptions = {}): AsyncGenerator<Advertisement> {
    const adapter = this.#session.adapter();
    const scan: Scan = { queue: new LatestByKey(HEARD_MAX), services: services?.map(lower) ?? null };
    const end = () => scan.queue.end();
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    this.#scans.add(scan);
    for (const [, device] of adapter.service.mirror.under(`${adapter.path}/`, DEVICE)) {
      if (device.RSSI !== undefined) hear(scan, device);
    }
    const stop = adapter.discovery.seek((failure) => scan.queue.end(failure));
    try {
      yield* scan.queue.drain();
    } finally {
      stop();
      this.#scans.delete(scan);
      signal?.removeEventListener('abort', end);
    }
  }

  async connect(address: string, options: ConnectOptions = {}): Promise<RadioPeer> {
    const adapter = this.#session.adapter();
    let step: ConnectStep = 'queue';
    const late = () => {
      const hint = 'is it switched on, near, and not connected to something else?';
      return new MaiboError('link-timeout', STEP_WORDS[step], { where: address, hint });
    };
    const onStep = (now: ConnectStep) => {
      step = now;
    };
    const plan = { adapter, address, services: options.services ?? [], clock: this.#clock, onStep };
    const bounds = { deadlineMs: CONNECT_MS, ...options, ends: adapter.down };
    return withPatience(this.#clock, bounds, late, async (stop) => {
      await this.#assertFree(adapter, address);
      try {
        const path = await connectDevice(plan, stop);
        return await this.#peerAt(adapter, path, address, stop);
      } catch (failure) {
        const isItsFault = (step === 'connect' || step === 'services') && options.signal?.aborted !== true;
        if (isItsFault && !adapter.down.aborted) await this.#failed(adapter, address);
        throw failure;
      }
    });
  }

  async pair(address: string, options: PairOptions = {}): Promise<void> {
    const adapter = this.#session.adapter();
    const late = () => new MaiboError('link-timeout', 'pairing took too long', { where: address });
    const bounds = { deadlineMs: PAIR_MS, ...options, ends: adapter.down };
    await withPatience(this.#clock, bounds, late, (stop) => pairDevice(adapter, address, options, stop));
  }

  async forget(address: string, patience: Patience = {}): Promise<void> {
    const adapter = this.#session.adapter();
    const late = () => new MaiboError('link-timeout', 'the device could not be forgotten in time', { where: address });
    const bounds = { deadlineMs: FORGET_MS, ...patience, ends: adapter.down };
    await withPatience(this.#clock, bounds, late, async (stop) => {
      const path = adapter.deviceAt(address);
      if (path !== null) await adapter.removeDevice(path, stop);
    });
    this.#history.forget(address);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#peers.values()].map((peer) => peer.close()));
    for (const scan of this.#scans) scan.queue.end();
    await this.#session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A device is connected once: who still holds it closes it first. One that is closing is waited for. */
  async #assertFree(adapter: BluezAdapter, address: string): Promise<void> {
    const peer = this.#peers.get(adapter.deviceAt(address) ?? '');
    if (peer === undefined) return;
    if (!peer.isClosing) throw new MaiboError('link-open', 'the device is connected already', { where: address });
    await peer.close();
  }

  async #peerAt(adapter: BluezAdapter, path: string, address: string, stop: AbortSignal): Promise<RadioPeer> {
    const peer = new BluezPeer(adapter.service, path, address, this.#clock, {
      onGone: () => {
        if (this.#peers.get(path) === peer) this.#peers.delete(path);
      },
      onDrop: () => {
        this.#dropped += 1;
      },
    });
    this.#peers.set(path, peer);
    // It may have gone while its services came.
    if (adapter.service.mirror.get(path, DEVICE)?.Connected !== true) peer.lose(null);
    await peer.readMtu();
    // Nobody waits for it any more.
    if (stop.aborted) await peer.close();
    stop.throwIfAborted();
    if (peer.gone.aborted) throw peer.gone.reason;
    if (this.#history.connected(address)) this.#reconnects += 1;
    return peer;
  }

  /** What BlueZ remembers of a device can be what keeps it from connecting. A bond is not ours to throw away. */
  async #failed(adapter: BluezAdapter, address: string): Promise<void> {
    const path = adapter.deviceAt(address);
    const failures = this.#history.failed(address);
    if (path === null || failures < FAILURES_MAX || adapter.service.mirror.get(path, DEVICE)?.Paired === true) return;
    this.#history.forget(address);
    this.#log('device removed from BlueZ, to find it anew', { address, failures });
    await adapter.removeDevice(path).catch(() => undefined);
  }

  #take(path: string, value: Uint8Array): void {
    const devicePath = devicePathOf(path);
    if (devicePath !== null) this.#peers.get(devicePath)?.take(path, value);
  }

  #changed(change: MirrorChange): void {
    const devicePath = devicePathOf(change.path);
    if (devicePath === null) return;
    this.#peers.get(devicePath)?.changed(change);
    if (change.interface !== DEVICE || change.properties === null || !tellsOfAdvert(change)) return;
    for (const scan of this.#scans) hear(scan, change.properties);
  }

  #down(reason: MaiboError): void {
    for (const peer of [...this.#peers.values()]) peer.lose(reason);
    for (const scan of this.#scans) scan.queue.end(reason);
  }
}

const STEP_WORDS: Readonly<Record<ConnectStep, string>> = {
  queue: 'the radio was busy with other devices all the time',
  find: 'the device was not heard in time',
  connect: 'the device did not answer in time',
  services: 'the services of the device did not come in time',
};

/** Being connected is none, and a strength that BlueZ takes back means that the device is not heard any more. */
function tellsOfAdvert({ keys, properties }: MirrorChange): boolean {
  return keys.some((key) => key !== 'Connected' && key !== 'ServicesResolved' && properties?.[key] !== undefined);
}

const lower = (uuid: string) => uuid.toLowerCase();

function hear({ queue, services }: Scan, device: Properties): void {
  const heard = advertisementOf(device);
  if (heard === null) return;
  if (services !== null && !services.some((service) => heard.services.includes(service))) return;
  queue.push(heard.address, heard);
}
