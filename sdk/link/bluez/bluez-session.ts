// Keeps the SDK in touch with BlueZ: one bus connection, rebuilt with back-off when it dies; on it one `BluezService` per run of
// bluetoothd; in that one `BluezAdapter` per time the chosen adapter is powered. Whatever breaks ends the part it belongs to and all
// above it, and the next one starts from nothing.
import { randomBytes } from 'node:crypto';
import type { Message } from '@jellybrick/dbus-next';
import { isMaiboError, MaiboError } from '../../errors.ts';
import type { RadioState } from '../../world/radio.ts';
import type { Clock } from '../../world/world.ts';
import { BackOff } from '../back-off.ts';
import { LatestValue } from '../latest.ts';
import { aborted } from '../patience.ts';
import { BluezAdapter } from './bluez-adapter.ts';
import { ADAPTER, adapterNameOf, BLUEZ, BLUEZ_PATH, BUS } from './bluez-names.ts';
import { BluezService } from './bluez-service.ts';
import { BusClient } from './bus-client.ts';
import type { WireOpener } from './bus-wire.ts';
import type { MirrorChange, Properties } from './object-mirror.ts';

/** Two rules, once per connection: all that BlueZ says, and who BlueZ is. */
const MATCH_RULES = [
  `type='signal',sender='${BLUEZ}'`,
  `type='signal',sender='${BUS}',interface='${BUS}',member='NameOwnerChanged',arg0='${BLUEZ}'`,
];
const START_MS = 15_000;
/** A bluetoothd that has just taken its name may not have its objects yet. */
const LOAD_AGAIN_MS = 250;

/** For logs: what happened, in a few words, and what it was about. No personal data beyond the address of a device. */
export type RadioLog = (what: string, details: Readonly<Record<string, string | number | null>>) => void;

export interface SessionOptions {
  readonly openWire: WireOpener;
  readonly busAddress: string;
  /** "hci0", or the adapter's own address; null: the first there is. */
  readonly adapter: string | null;
  readonly clock: Clock;
  readonly log: RadioLog;
  onChange(change: MirrorChange): void;
  onValue(path: string, value: Uint8Array): void;
  /** The adapter is not usable any more, nor is anything that came over it. */
  onDown(reason: MaiboError): void;
}

export class BluezSession {
  readonly state: LatestValue<RadioState> = new LatestValue<RadioState>('absent');
  readonly #options: SessionOptions;
  readonly #closed = new AbortController();
  readonly #backOff = new BackOff({ bytes: (count) => new Uint8Array(randomBytes(count)) });
  #bus: BusClient | null = null;
  #service: BluezService | null = null;
  #adapter: BluezAdapter | null = null;
  #adapterPath: string | null = null;
  /** How often the bus said that bluetoothd came or went. */
  #ownerNews = 0;
  /** Why there is no radio, for whoever asks for it. */
  #absence = new MaiboError('radio-absent', 'there is no Bluetooth radio yet');
  #running: Promise<void> | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Resolves when it is known what state the radio is in; the rest goes on behind the scenes. */
  async start(): Promise<void> {
    const settled = new AbortController();
    this.#running = this.#run(() => settled.abort());
    await this.#options.clock.sleep(START_MS, settled.signal);
  }

  get bus(): BusClient | null {
    return this.#bus;
  }

  get adapterName(): string | null {
    return this.#adapterPath === null ? null : adapterNameOf(this.#adapterPath);
  }

  get watcherCount(): number {
    return this.#service?.watcherCount ?? 0;
  }

  /** Errors: `radio-off`, `radio-absent`. */
  adapter(): BluezAdapter {
    if (this.#adapter !== null) return this.#adapter;
    if (this.state.value === 'off') throw this.#isOff();
    throw this.#absence;
  }

  async close(): Promise<void> {
    this.#closed.abort(new MaiboError('radio-absent', 'the radio was closed'));
    this.#bus?.close();
    await this.#running;
    this.state.close();
  }

  async #run(onSettled: () => void): Promise<void> {
    const { clock, log, busAddress } = this.#options;
    while (!this.#closed.signal.aborted) {
      try {
        await this.#connectBus();
        this.#backOff.up(clock.nowMonotonicMs());
        onSettled();
        if (this.#bus !== null) await aborted(this.#bus.ended);
      } catch (failure) {
        this.#absent(failure);
      }
      onSettled();
      this.#bus?.close();
      this.#bus = null;
      if (this.#closed.signal.aborted) return;
      const waitMs = this.#backOff.nextMs(clock.nowMonotonicMs());
      log('message bus gone', { bus: busAddress, waitMs });
      await clock.sleep(waitMs, this.#closed.signal);
    }
  }

  async #connectBus(): Promise<void> {
    const { openWire, busAddress, clock } = this.#options;
    const bus = await BusClient.open(openWire, busAddress, clock, this.#closed.signal);
    this.#bus = bus;
    bus.ended.addEventListener('abort', () => this.#endService(bus.ended.reason), { once: true });
    bus.onSignal = (message) => this.#take(message);
    bus.onValue = (sender, path, value) => {
      if (sender === this.#service?.owner) this.#options.onValue(path, value);
    };
    for (const rule of MATCH_RULES) await bus.addMatch(rule);
    const news = this.#ownerNews;
    const owner = await bus.ownerOf(BLUEZ);
    // A change heard meanwhile is as new as the answer or newer: it may have come in one read with it, and then it was heard first.
    if (news === this.#ownerNews) await this.#serve(owner);
  }

  #take(message: Message): void {
    if (message.sender === BUS && message.member === 'NameOwnerChanged' && message.body[0] === BLUEZ) {
      this.#ownerNews += 1;
      const owner = message.body[2];
      void this.#serve(typeof owner === 'string' && owner !== '' ? owner : null);
    } else {
      this.#service?.take(message);
    }
  }

  /** bluetoothd is this one now; null: none. */
  async #serve(owner: string | null): Promise<void> {
    if (owner !== null && owner === this.#service?.owner) return;
    const hint = 'start it: systemctl start bluetooth';
    this.#endService(new MaiboError('radio-absent', 'the Bluetooth service is not running', { hint }));
    if (owner === null || this.#bus === null) return;
    const service = new BluezService(this.#bus, owner, {
      onChange: (change) => this.#changed(service, change),
      onValue: (path, value) => this.#options.onValue(path, value),
    });
    this.#service = service;
    this.#options.log('Bluetooth service there', { owner });
    await this.#load(service);
  }

  /** Until its objects are here, or it has gone. */
  async #load(service: BluezService): Promise<void> {
    while (this.#service === service) {
      try {
        await service.load();
        this.#chooseAdapter();
        return;
      } catch (failure) {
        this.#options.log('Bluetooth service does not tell its objects', { failure: String(failure) });
        await this.#options.clock.sleep(LOAD_AGAIN_MS, service.ended);
      }
    }
  }

  #changed(service: BluezService, change: MirrorChange): void {
    if (service !== this.#service) return;
    if (change.interface === ADAPTER) this.#adapterChanged(change);
    this.#options.onChange(change);
  }

  #adapterChanged({ path, properties, keys }: MirrorChange): void {
    this.#chooseAdapter();
    const isOurs = this.#adapter?.path === path;
    if (isOurs && keys.includes('Discovering') && properties?.Discovering !== true)
      this.#adapter?.discovery.checkSoon();
  }

  /** What is wanted of the adapters that are there. */
  #chooseAdapter(): void {
    const service = this.#service;
    if (service === null) return;
    const all = [...service.mirror.under(`${BLUEZ_PATH}/`, ADAPTER)].sort(([a], [b]) => (a < b ? -1 : 1));
    const found = all.find(([path, properties]) => this.#isWanted(path, properties));
    if (found === undefined) {
      const where = this.#options.adapter ?? 'any adapter';
      const hint = 'is the dongle plugged in? bluetoothctl list shows the adapters';
      this.#absent(new MaiboError('radio-absent', 'there is no such Bluetooth adapter', { where, hint }));
      return;
    }
    const [path, { Powered }] = found;
    this.#adapterPath = path;
    if (Powered !== true) this.#down('off', this.#isOff());
    else if (this.#adapter?.path !== path) this.#up(service, path);
  }

  #isWanted(path: string, { Address }: Properties): boolean {
    const { adapter } = this.#options;
    return adapter === null || adapter === adapterNameOf(path) || adapter.toUpperCase() === Address;
  }

  #up(service: BluezService, path: string): void {
    if (this.#adapter !== null) this.#down('absent', this.#absence);
    this.#adapter = new BluezAdapter(service, path, this.#options.clock);
    this.#options.log('radio ready', { adapter: adapterNameOf(path) });
    this.state.set('ready');
  }

  #isOff(): MaiboError {
    const hint = 'rfkill unblock bluetooth, then bluetoothctl power on';
    return new MaiboError('radio-off', 'the Bluetooth radio is switched off', { where: this.adapterName ?? '', hint });
  }

  #absent(failure: unknown): void {
    const cause = { cause: failure };
    this.#absence = isMaiboError(failure, 'radio-absent')
      ? failure
      : new MaiboError('radio-absent', 'there is no Bluetooth radio', cause);
    this.#down('absent', this.#absence);
  }

  #down(state: RadioState, reason: MaiboError): void {
    const adapter = this.#adapter;
    this.#adapter = null;
    if (adapter !== null) {
      adapter.end(reason);
      this.#options.onDown(reason);
      this.#options.log('radio gone', { state, why: reason.message });
    }
    this.state.set(state);
  }

  #endService(reason: MaiboError): void {
    this.#absent(reason);
    this.#service?.end(reason);
    this.#service = null;
  }
}
