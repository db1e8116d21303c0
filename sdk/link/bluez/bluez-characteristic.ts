// One characteristic of a connected device. Reads and writes go one after the other; whoever listens shares one StartNotify.
import { Variant } from '@jellybrick/dbus-next';
import { MaiboError } from '../../errors.ts';
import type { Notifications, Patience } from '../../world/radio.ts';
import type { Clock } from '../../world/world.ts';
import { withPatience } from '../patience.ts';
import { Slots } from '../slots.ts';
import { ValueQueue } from '../value-queue.ts';
import { isBusError, isInProgress, isNotConnected, radioError } from './bluez-error.ts';
import { GATT_CHARACTERISTIC } from './bluez-names.ts';
import type { BluezService } from './bluez-service.ts';

const CALL_MS = 10_000;
const STOP_MS = 2_000;
/** BlueZ does one read or write of a characteristic at a time; another client may be at it. */
const RETRY_MS = 20;
const WAITING_MAX = 1024;
/** What an attribute holds at most (Bluetooth Core, Vol 3, Part F, 3.2.9). */
const VALUE_BYTES_MAX = 512;
/** Opcode and handle before the value of a write command. */
const ATT_HEAD_BYTES = 3;

export interface CharacteristicOwner {
  readonly service: BluezService;
  readonly clock: Clock;
  /** Aborts when the connection is gone. */
  readonly gone: AbortSignal;
  readonly attMtu: number | null;
  /** BlueZ says that the connection is gone, before its signals do. */
  lose(cause: unknown): void;
  onDrop(): void;
}

export class BluezCharacteristic {
  readonly #owner: CharacteristicOwner;
  readonly #path: string;
  readonly #uuid: string;
  readonly #turn = new Slots(1);
  readonly #queues = new Set<ValueQueue>();
  /** What came while a read was under way: one of them is the read's own echo. */
  #held: Uint8Array[] | null = null;
  #isNotifying = false;

  constructor(owner: CharacteristicOwner, path: string, uuid: string) {
    this.#owner = owner;
    this.#path = path;
    this.#uuid = uuid;
  }

  get path(): string {
    return this.#path;
  }

  get listenerCount(): number {
    return this.#queues.size;
  }

  async read(patience: Patience): Promise<Uint8Array> {
    return this.#inTurn(patience, async (stop) => {
      this.#held = [];
      try {
        const [value] = await this.#call('ReadValue', 'a{sv}', [{}], stop);
        const bytes = Uint8Array.from(Buffer.isBuffer(value) ? value : []);
        this.#dropEcho(bytes);
        return bytes;
      } finally {
        const held: readonly Uint8Array[] = this.#held;
        this.#held = null;
        for (const value of held) this.#deliver(value);
      }
    });
  }

  async write(bytes: Uint8Array, how: 'request' | 'command', patience: Patience): Promise<void> {
    this.#assertFits(bytes.length, how);
    const value = Buffer.from(bytes);
    const options = { type: new Variant('s', how) };
    await this.#inTurn(patience, (stop) => this.#call('WriteValue', 'aya{sv}', [value, options], stop));
  }

  /** Nothing that comes after this call is missed; `close` of the last listener stops the notifications. */
  async listen(patience: Patience): Promise<Notifications> {
    const queue = new ValueQueue(() => this.#owner.onDrop());
    this.#queues.add(queue);
    try {
      await this.#inTurn(patience, (stop) => this.#startNotify(stop));
    } catch (failure) {
      await this.#unlisten(queue);
      throw failure;
    }
    const close = () => this.#unlisten(queue);
    return { [Symbol.asyncIterator]: () => queue[Symbol.asyncIterator](), close, [Symbol.asyncDispose]: close };
  }

  /** A value came. Its memory is the message's. */
  take(value: Uint8Array): void {
    if (this.#held === null) this.#deliver(value);
    else this.#held.push(value);
  }

  /** The connection or the characteristic is gone. */
  end(failure: unknown): void {
    for (const queue of this.#queues) queue.end(failure);
    this.#queues.clear();
    this.#isNotifying = false;
  }

  /** Ends the notifications at BlueZ, so that it does not begin them again by itself at the next connection. Never rejects. */
  async quiet(): Promise<void> {
    if (!this.#isNotifying) return;
    this.#isNotifying = false;
    const call = { path: this.#path, interface: GATT_CHARACTERISTIC, member: 'StopNotify' };
    await this.#owner.service.call(call, { deadlineMs: STOP_MS }).catch(() => undefined);
  }

  async #unlisten(queue: ValueQueue): Promise<void> {
    queue.end();
    if (!this.#queues.delete(queue) || this.#queues.size > 0 || this.#owner.gone.aborted) return;
    const patience = { deadlineMs: STOP_MS, signal: this.#owner.gone };
    await this.#inTurn(patience, async () => {
      if (this.#queues.size === 0) await this.quiet();
    }).catch(() => undefined);
  }

  async #startNotify(stop: AbortSignal): Promise<void> {
    if (this.#isNotifying) return;
    await this.#call('StartNotify', '', [], stop);
    this.#isNotifying = true;
  }

  #deliver(value: Uint8Array): void {
    if (this.#queues.size === 0) this.#owner.onDrop();
    for (const queue of this.#queues) queue.push(new Uint8Array(value));
  }

  /** BlueZ reports what a read brought as a change of Value, too, right before it answers. */
  #dropEcho(read: Uint8Array): void {
    const held = this.#held ?? [];
    const at = held.findLastIndex((value) => Buffer.compare(value, read) === 0);
    if (at >= 0) held.splice(at, 1);
  }

  #assertFits(bytes: number, how: 'request' | 'command'): void {
    const { attMtu } = this.#owner;
    const bytesMax = how === 'command' && attMtu !== null ? attMtu - ATT_HEAD_BYTES : VALUE_BYTES_MAX;
    if (bytes <= bytesMax) return;
    const hint = how === 'command' ? 'write less at a time, or as a request' : 'write less at a time';
    const message = `${bytes} bytes do not fit into a write ${how}: ${bytesMax} do`;
    throw new MaiboError('radio-refused', message, { where: this.#uuid, hint });
  }

  async #inTurn<T>(patience: Patience, act: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, gone } = this.#owner;
    const where = this.#uuid;
    const late = () => new MaiboError('link-timeout', 'the device did not answer in time', { where });
    if (this.#turn.waitingCount >= WAITING_MAX) {
      throw new MaiboError('radio-refused', `${WAITING_MAX} reads and writes wait already`, { where });
    }
    return withPatience(clock, { deadlineMs: CALL_MS, ...patience, ends: gone }, late, async (stop) => {
      const giveBack = await this.#turn.take(stop);
      try {
        return await act(stop);
      } finally {
        giveBack();
      }
    });
  }

  /** Again while BlueZ is busy with the one before. */
  async #call(member: string, signature: string, body: unknown[], stop: AbortSignal): Promise<unknown[]> {
    const { service, clock } = this.#owner;
    const call = { path: this.#path, interface: GATT_CHARACTERISTIC, member, signature, body };
    for (;;) {
      try {
        return await service.call(call, { deadlineMs: Number.POSITIVE_INFINITY, signal: stop });
      } catch (failure) {
        if (!isInProgress(failure)) throw this.#failureOf(failure);
        // A notify session that outlived a reconnect: older BlueZ says so in place of yes.
        if (member === 'StartNotify' && service.mirror.get(this.#path, GATT_CHARACTERISTIC)?.Notifying === true)
          return [];
      }
      await clock.sleep(RETRY_MS, stop);
      stop.throwIfAborted();
    }
  }

  #failureOf(failure: unknown): unknown {
    const { gone } = this.#owner;
    if (isNotConnected(failure)) this.#owner.lose(failure);
    if (gone.aborted) return gone.reason;
    if (isBusError(failure, 'org.freedesktop.DBus.Error.NoReply')) this.#owner.lose(failure);
    return gone.aborted ? gone.reason : radioError(failure, 'radio-refused', 'the radio refused', this.#uuid);
  }
}
