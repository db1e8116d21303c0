// Calls over one D-Bus connection. Each has a deadline of its own, and all of them fail at once when the connection ends: a daemon that
// dies answers nothing, ever. At most 64 are in flight (a daemon refuses the 129th of a connection); the rest wait their turn. Match rules
// are added here and nowhere else, and counted.
import { Message, MessageFlag, MessageType } from '@jellybrick/dbus-next';
import { MaiboError } from '../../errors.ts';
import type { Patience } from '../../world/radio.ts';
import type { Clock } from '../../world/world.ts';
import { withPatience } from '../patience.ts';
import { Slots } from '../slots.ts';
import { BusError } from './bluez-error.ts';
import { BUS, BUS_PATH } from './bluez-names.ts';
import type { BusWire, WireOpener } from './bus-wire.ts';
import type { OnValue } from './value-tap.ts';

const IN_FLIGHT_MAX = 64;
/** Calls given up by us that the daemon still counts. With those in flight they stay below its limit of 128. */
const OVERDUE_MAX = 60;
const CALL_MS = 10_000;
const OPEN_MS = 10_000;

export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: unknown[];
  /** Is given the answer at its place among the signals: the promise resolves when those behind it in one read have been heard already. */
  readonly onAnswer?: (body: unknown[]) => void;
}

interface Pending {
  readonly resolve: (body: unknown[]) => void;
  readonly reject: (failure: unknown) => void;
}

/** Answers a call of ours; false: not its business. */
export type CallHandler = (message: Message) => boolean;

export class BusClient {
  /** Called with every signal. */
  onSignal: (message: Message) => void = () => {};
  /** Called with notifications that came the short way; the others are signals. */
  onValue: OnValue = () => {};
  readonly #clock: Clock;
  readonly #address: string;
  readonly #slots = new Slots(IN_FLIGHT_MAX);
  readonly #pending = new Map<number, Pending>();
  readonly #overdue = new Set<number>();
  readonly #rules = new Set<string>();
  readonly #handlers = new Set<CallHandler>();
  readonly #ended = new AbortController();
  #wire: BusWire | null = null;

  private constructor(clock: Clock, address: string) {
    this.#clock = clock;
    this.#address = address;
  }

  /** Errors: `radio-absent`. */
  static async open(openWire: WireOpener, address: string, clock: Clock, signal?: AbortSignal): Promise<BusClient> {
    const client = new BusClient(clock, address);
    const events = {
      onMessage: (message: Message) => client.#take(message),
      onValue: (sender: string, path: string, value: Uint8Array) => client.onValue(sender, path, value),
      onCall: (message: Message) => [...client.#handlers].some((handler) => handler(message)),
      onEnd: (cause: unknown) => client.#end(cause),
    };
    const late = () => new MaiboError('radio-absent', 'the message bus does not answer', { where: address });
    const patience = { deadlineMs: OPEN_MS, ...(signal !== undefined && { signal }) };
    try {
      client.#wire = await withPatience(clock, patience, late, (stop) => openWire(address, events, stop));
    } catch (cause) {
      if (cause instanceof MaiboError || signal?.aborted) throw cause;
      const hint = 'is the D-Bus system bus running, and may this user reach its socket?';
      throw new MaiboError('radio-absent', 'there is no message bus', { where: address, hint, cause });
    }
    return client;
  }

  /** Aborts when the connection is gone; its reason is `radio-absent`. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get matchRules(): number {
    return this.#rules.size;
  }

  get callsInFlight(): number {
    return this.#pending.size + this.#slots.waitingCount;
  }

  /** The body of the answer. Errors: `BusError`, `link-timeout`, `radio-absent`. */
  async call(call: BusCall, patience: Patience = {}): Promise<unknown[]> {
    const late = () =>
      new MaiboError('link-timeout', `the Bluetooth service did not answer ${call.member}`, { where: call.path });
    const bounds = { deadlineMs: CALL_MS, ...patience, ends: this.ended };
    return withPatience(this.#clock, bounds, late, async (stop) => {
      const giveBack = await this.#slots.take(stop);
      try {
        return await this.#send(call, stop);
      } finally {
        giveBack();
      }
    });
  }

  async addMatch(rule: string): Promise<void> {
    await this.call({ ...onBus('AddMatch'), signature: 's', body: [rule] });
    this.#rules.add(rule);
  }

  /** The unique name behind a name; null when nobody has it. */
  async ownerOf(name: string): Promise<string | null> {
    try {
      const [owner] = await this.call({ ...onBus('GetNameOwner'), signature: 's', body: [name] });
      return typeof owner === 'string' ? owner : null;
    } catch (failure) {
      if (failure instanceof BusError) return null;
      throw failure;
    }
  }

  /** How many match rules the daemon holds for us; null where it does not tell. */
  async matchRulesOfDaemon(patience?: Patience): Promise<number | null> {
    const stats = { ...onBus('GetConnectionStats'), interface: 'org.freedesktop.DBus.Debug.Stats' };
    try {
      const [found] = await this.call({ ...stats, signature: 's', body: [this.#wire?.name] }, patience);
      const count = (found as Record<string, { value?: unknown } | undefined>).MatchRules?.value;
      return typeof count === 'number' ? count : null;
    } catch (failure) {
      if (failure instanceof BusError) return null;
      throw failure;
    }
  }

  /** Others may call us from here on, until the returned function is called. */
  serve(handler: CallHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  answer(call: Message, signature = '', body: unknown[] = []): void {
    if ((call.flags & MessageFlag.NO_REPLY_EXPECTED) === 0) this.#say(Message.newMethodReturn(call, signature, body));
  }

  refuse(call: Message, errorName: string, text: string): void {
    if ((call.flags & MessageFlag.NO_REPLY_EXPECTED) === 0) this.#say(Message.newError(call, errorName, text));
  }

  close(): void {
    this.#wire?.close();
    this.#end(null);
  }

  #send({ onAnswer, ...call }: BusCall, stop: AbortSignal): Promise<unknown[]> {
    stop.throwIfAborted();
    const wire = this.#wire;
    if (wire === null) throw this.#ended.signal.reason;
    const serial = wire.newSerial();
    return new Promise((resolve, reject) => {
      const onStop = () => {
        if (this.#pending.delete(serial)) this.#giveUp(serial);
        reject(stop.reason);
      };
      const settled = <V>(settle: (value: V) => void) => {
        return (value: V) => {
          stop.removeEventListener('abort', onStop);
          settle(value);
        };
      };
      const answered = (body: unknown[]) => {
        onAnswer?.(body);
        resolve(body);
      };
      this.#pending.set(serial, { resolve: settled(answered), reject: settled(reject) });
      stop.addEventListener('abort', onStop, { once: true });
      try {
        wire.send(new Message({ ...call, serial }));
      } catch (cause) {
        this.#pending.delete(serial);
        stop.removeEventListener('abort', onStop);
        reject(cause);
      }
    });
  }

  #giveUp(serial: number): void {
    this.#overdue.add(serial);
    if (this.#overdue.size > OVERDUE_MAX) this.close();
  }

  #take(message: Message): void {
    if (message.type === MessageType.SIGNAL) {
      this.onSignal(message);
      return;
    }
    const serial = message.replySerial;
    if (serial === undefined) return;
    this.#overdue.delete(serial);
    const pending = this.#pending.get(serial);
    if (pending === undefined) return;
    this.#pending.delete(serial);
    if (message.type === MessageType.METHOD_RETURN) pending.resolve(message.body);
    else pending.reject(new BusError(message.errorName, typeof message.body[0] === 'string' ? message.body[0] : ''));
  }

  /** An answer to somebody: when the connection has just gone, so has who asked. */
  #say(message: Message): void {
    try {
      this.#wire?.send(message);
    } catch (cause) {
      this.#end(cause);
    }
  }

  #end(cause: unknown): void {
    if (this.ended.aborted) return;
    const reason = new MaiboError('radio-absent', 'the message bus went away', { where: this.#address, cause });
    this.#wire = null;
    this.#overdue.clear();
    this.#handlers.clear();
    this.#ended.abort(reason);
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
    this.#pending.clear();
  }
}

const onBus = (member: string) => ({ destination: BUS, path: BUS_PATH, interface: BUS, member });
