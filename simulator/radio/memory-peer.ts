// A connection to a device of a memory radio.
import {
  type Clock,
  type GattAddress,
  MaiboError,
  type Notifications,
  type Patience,
  type RadioPeer,
} from '@maibo/sdk';
import { Feed } from './feed.ts';
import { AttRefusal, type Central, type GattFlag } from './gatt-device.ts';
import type { Station, StationLink } from './memory-station.ts';
import { withPatience } from './patience.ts';

const CALL_MS = 10_000;
const VALUE_BYTES_MAX = 512;
const ATT_HEAD_BYTES = 3;

export class MemoryPeer implements RadioPeer, StationLink {
  readonly attMtu: number;
  readonly central: Central;
  readonly #station: Station;
  readonly #clock: Clock;
  readonly #gone = new AbortController();
  readonly #onDropped: () => void;
  /** Each feed with what ends its listening. */
  readonly #feeds = new Map<Feed<Uint8Array>, () => void>();

  constructor(station: Station, clock: Clock, central: Central, onDropped: () => void) {
    this.#station = station;
    this.#clock = clock;
    this.central = central;
    this.attMtu = central.mtu ?? 23;
    this.#onDropped = onDropped;
    station.links.add(this);
  }

  get address(): string {
    return this.#station.address;
  }

  get name(): string {
    return this.#station.device.name;
  }

  get services(): readonly string[] {
    return this.#station.serviceUuids;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  has(at: GattAddress): boolean {
    return this.#station.characteristic(at) !== undefined;
  }

  async read(at: GattAddress, patience: Patience = {}): Promise<Uint8Array> {
    return this.#call(at, patience, ['read'], (table) => (table.read?.(this.central) ?? new Uint8Array()).slice());
  }

  async write(at: GattAddress, bytes: Uint8Array, how: 'request' | 'command', patience: Patience = {}): Promise<void> {
    const bytesMax = how === 'command' ? this.attMtu - ATT_HEAD_BYTES : VALUE_BYTES_MAX;
    if (bytes.length > bytesMax) throw refused(at, `${bytes.length} bytes, at most ${bytesMax}`);
    const flag = how === 'command' ? 'write-without-response' : 'write';
    await this.#call(at, patience, [flag], (table) => {
      try {
        table.write?.(bytes.slice(), this.central);
      } catch (failure) {
        // Nobody answers a command.
        if (how === 'request' || !(failure instanceof AttRefusal)) throw failure;
      }
    });
  }

  async listen(at: GattAddress, patience: Patience = {}): Promise<Notifications> {
    return this.#call(at, patience, ['notify', 'indicate'], () => {
      const feed = new Feed<Uint8Array>(this.#onDropped);
      this.#feeds.set(feed, this.#station.listen(at, feed));
      const close = async () => {
        this.#feeds.get(feed)?.();
        this.#feeds.delete(feed);
        feed.end();
      };
      return { [Symbol.asyncIterator]: () => feed[Symbol.asyncIterator](), close, [Symbol.asyncDispose]: close };
    });
  }

  lose(failure: MaiboError): void {
    this.#end(failure, failure);
  }

  /** Whoever listens hears the end, which is none of the device's doing. */
  async close(): Promise<void> {
    this.#end(new MaiboError('link-lost', `the connection to ${this.address} is closed`), null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #end(reason: MaiboError, forReaders: MaiboError | null): void {
    if (this.gone.aborted) return;
    this.#station.links.delete(this);
    for (const [feed, end] of this.#feeds) {
      end();
      feed.end(forReaders);
    }
    this.#feeds.clear();
    this.#gone.abort(reason);
  }

  #call<T>(
    at: GattAddress,
    patience: Patience,
    flags: readonly GattFlag[],
    act: (table: NonNullable<ReturnType<Station['characteristic']>>) => T,
  ): Promise<T> {
    return withPatience(this.#clock, CALL_MS, patience, `${this.address}: no answer`, async () => {
      // The air takes a turn, and the device may be gone by then.
      await Promise.resolve();
      if (this.gone.aborted) throw this.gone.reason;
      const table = this.#station.characteristic(at);
      if (!table) throw refused(at, 'no such characteristic');
      if (!table.flags.some((flag) => flags.includes(flag))) throw refused(at, `not permitted (${table.flags.join()})`);
      try {
        return act(table);
      } catch (failure) {
        throw failure instanceof AttRefusal ? refused(at, failure.message) : failure;
      }
    });
  }
}

function refused({ characteristic }: GattAddress, why: string): MaiboError {
  return new MaiboError('radio-refused', `${characteristic}: ${why}`);
}
