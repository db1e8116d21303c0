// A gateway for clinic devices that tests make for themselves: a clock they move, a store in a file, and one visit of a device.
import { gatt } from '@maibo/protocols';
import { verifyStore } from '../audit/verify-store.ts';
import type { ClinicKindName } from '../clinic/clinic-kinds.ts';
import { MadePeer, type MadePeerOptions } from '../clinic/made-peer.testkit.ts';
import { pseudonymOf } from '../clinic/pseudonym.ts';
import { fixedEntropy } from '../device/scripted-device.testkit.ts';
import { readRecord } from '../evidence/open-record.ts';
import type { AnyRecord } from '../evidence/record-types.ts';
import { Store } from '../store/store.ts';
import { systemClock } from '../world/node-clock.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import type { Clock } from '../world/world.ts';
import { type ClinicCollection, type ClinicSummary, collectClinicDevice } from './clinic-collector.ts';
import { gatewayKey } from './made-store.testkit.ts';

export const START_UTC_US = 1_767_225_600_000_000;
export const DEVICE = pseudonymOf(new Uint8Array(32).fill(5), 'C0:FF:EE:00:00:01');

/** Stands still until it is moved. */
export class MadeClock implements Clock {
  readonly source = 'lab';
  readonly uncertaintyUs = 1_000;
  #ms = 0;
  #sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];

  nowUtcUs = (): number => START_UTC_US + Math.round(this.#ms * 1000);
  nowMonotonicMs = (): number => this.#ms;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      this.#sleepers.push({ untilMs: this.#ms + ms, wake: resolve });
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });

  /** Time goes by, and everybody whose time has come gets a turn. */
  async advance(ms: number): Promise<void> {
    this.#ms += ms;
    const due = this.#sleepers.filter(({ untilMs }) => untilMs <= this.#ms);
    this.#sleepers = this.#sleepers.filter(({ untilMs }) => untilMs > this.#ms);
    for (const { wake } of due) wake();
    await systemClock.sleep(0);
  }
}

export function openStore(path: string): Store {
  const store = Store.openForWriting(openSqlite(path));
  store.addKey(gatewayKey.keyId, gatewayKey.publicKey, 'gateway-lab');
  return store;
}

export interface Visit {
  readonly peer: MadePeer;
  readonly clock: MadeClock;
  readonly store: Store;
  /** Resolves when the collection ends. */
  readonly done: Promise<ClinicSummary>;
  readonly stop: AbortController;
}

/** A device has just been connected. */
export function visit(
  store: Store,
  device: MadePeerOptions,
  options: Partial<ClinicCollection> & { clock?: MadeClock } = {},
): Visit {
  const { clock = new MadeClock(), ...rest } = options;
  const [peer, stop] = [new MadePeer(device), new AbortController()];
  const done = collectClinicDevice({
    ...{ peer, device: DEVICE, store, clock, entropy: fixedEntropy, signer: gatewayKey, signal: stop.signal },
    ...rest,
  });
  done.catch(() => undefined); // told where it is awaited
  return { peer, clock, store, done, stop };
}

const DEVICES: Readonly<Record<ClinicKindName, readonly [service: number, ...characteristics: number[]]>> = {
  'heart-rate': [0x180d, 0x2a37],
  'blood-pressure': [0x1810, 0x2a35, 0x2a36],
  'pulse-oximeter': [0x1822, 0x2a5e, 0x2a5f],
  glucose: [0x1808, 0x2a18, 0x2a34, 0x2a52],
  thermometer: [0x1809, 0x2a1c, 0x2a1e],
  'weight-scale': [0x181d, 0x2a9d],
  'body-composition': [0x181b, 0x2a9c],
};

/** A device of these kinds, with the names of its maker. */
export function madeDevice(kinds: readonly ClinicKindName[], firmware = '1.2'): MadePeerOptions {
  const text = (value: string) => new TextEncoder().encode(value);
  return {
    services: Object.fromEntries([
      [0x180a, [0x2a29, 0x2a24, 0x2a25, 0x2a26]],
      [0x180f, [0x2a19]],
      [0x1805, [0x2a2b]],
      ...kinds.map((kind) => [DEVICES[kind][0], DEVICES[kind].slice(1)]),
    ]),
    values: {
      10793: text('Acme\0'),
      10788: text('Model 7'),
      10789: text('SERIAL-4711'),
      10790: text(firmware),
      10777: Uint8Array.of(81),
    },
  };
}

/** All records of a store's streams, in order. */
export function recordsOf(store: Store): AnyRecord[] {
  return store.streams().flatMap(({ id }) => [...store.records(id)].map(({ bytes }) => readRecord(bytes).record));
}

type KindOf<Kind extends AnyRecord['kind']> = Extract<AnyRecord, { kind: Kind }>;

export function recordsOfKind<Kind extends AnyRecord['kind']>(store: Store, kind: Kind): KindOf<Kind>[] {
  return recordsOf(store).filter((record): record is KindOf<Kind> => record.kind === kind);
}

/** What is wrong with a store, in words; nothing, hopefully. */
export function problemsOf(store: Store): string[] {
  return verifyStore(store).problems.map(({ where, message }) => `${where}: ${message}`);
}

/** A strap's notification: RR intervals in ms, sensor in contact. */
export function strapValue(rrMs: readonly number[], bpm = 60): Uint8Array {
  const contact = gatt.sensorContacts.named('contact');
  return gatt.heartRateMeasurement.encode({
    ...{ heartRate: bpm, contact },
    rrTicks: rrMs.map((ms) => Math.round((ms * 1024) / 1000)),
  });
}
