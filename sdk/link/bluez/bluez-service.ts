// One run of bluetoothd, seen over one connection: its objects, calls to it, and waiting for its objects to be so and so. It ends when the
// bus or bluetoothd goes; the next run is another `BluezService`, and nothing of this one is taken over.
import type { Message } from '@jellybrick/dbus-next';
import type { MaiboError } from '../../errors.ts';
import type { Patience } from '../../world/radio.ts';
import { GATT_CHARACTERISTIC, OBJECT_MANAGER, PROPERTIES } from './bluez-names.ts';
import type { BusClient } from './bus-client.ts';
import { type MirrorChange, ObjectMirror } from './object-mirror.ts';

export interface ServiceEvents {
  onChange(change: MirrorChange): void;
  /** A value of a characteristic: a notification, or what a read brought. Its memory is the message's. */
  onValue(path: string, value: Uint8Array): void;
}

export interface ServiceCall {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: unknown[];
  readonly onAnswer?: (body: unknown[]) => void;
}

export class BluezService {
  readonly bus: BusClient;
  readonly mirror: ObjectMirror;
  /** Unique name: a call to it never reaches the next bluetoothd. */
  readonly owner: string;
  readonly #events: ServiceEvents;
  readonly #ended = new AbortController();
  readonly #watchers = new Set<() => void>();

  constructor(bus: BusClient, owner: string, events: ServiceEvents) {
    this.bus = bus;
    this.owner = owner;
    this.#events = events;
    this.mirror = new ObjectMirror((change) => this.#changed(change));
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get watcherCount(): number {
    return this.#watchers.size;
  }

  /** Reads all objects: before that, the mirror is empty. A signal behind the answer is newer than it, and may come in one piece with it. */
  async load(): Promise<void> {
    const onAnswer = ([managed]: unknown[]) => this.mirror.replace(managed);
    await this.call({ path: '/', interface: OBJECT_MANAGER, member: 'GetManagedObjects', onAnswer });
  }

  call(call: ServiceCall, patience: Patience = {}): Promise<unknown[]> {
    return this.bus.call({ ...call, destination: this.owner }, patience);
  }

  /** Reads the properties of one object anew: not every change is signalled. */
  async refresh(path: string, name: string, signal: AbortSignal): Promise<void> {
    const onAnswer = ([properties]: unknown[]) => this.mirror.changed(path, name, properties, []);
    const call = { path, interface: PROPERTIES, member: 'GetAll', signature: 's', body: [name], onAnswer };
    await this.call(call, { signal });
  }

  /** A signal. Anybody on the bus may send us one; only bluetoothd's own count. */
  take({ sender, member, path, interface: name, body }: Message): void {
    if (sender !== this.owner) return;
    if (name === PROPERTIES && member === 'PropertiesChanged') {
      if (body[0] === GATT_CHARACTERISTIC) this.#takeValue(path, body[1]);
      this.mirror.changed(path, body[0], body[1], body[2]);
    } else if (name === OBJECT_MANAGER && member === 'InterfacesAdded') {
      this.mirror.added(body[0], body[1]);
    } else if (name === OBJECT_MANAGER && member === 'InterfacesRemoved') {
      this.mirror.removed(body[0], body[1]);
    }
  }

  /** Resolves with what `look` finds, now or after some change. Rejects with what it throws, or when `stop` aborts. */
  until<T>(look: () => T | null, stop: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#watchers.delete(watch);
        stop.removeEventListener('abort', onStop);
        act();
      };
      const onStop = () => settle(() => reject(stop.reason));
      const watch = () => {
        try {
          const found = look();
          if (found !== null) settle(() => resolve(found));
        } catch (failure) {
          settle(() => reject(failure));
        }
      };
      this.#watchers.add(watch);
      stop.addEventListener('abort', onStop, { once: true });
      if (stop.aborted) onStop();
      else watch();
    });
  }

  end(reason: MaiboError): void {
    this.#ended.abort(reason);
  }

  #takeValue(path: string, changed: unknown): void {
    const value = (changed as { Value?: { value?: unknown } } | undefined)?.Value?.value;
    if (Buffer.isBuffer(value)) this.#events.onValue(path, value);
  }

  #changed(change: MirrorChange): void {
    this.#events.onChange(change);
    for (const watch of [...this.#watchers]) watch();
  }
}
