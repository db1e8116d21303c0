// One connection to a D-Bus daemon: calls with a deadline, signals, and an end that is noticed. Both sides of the simulated radio stand on
// it, the double of the Bluetooth service and the peripherals.
import { DBusError, Message, MessageFlag, MessageType, sessionBus } from '@jellybrick/dbus-next';
import { within } from '../timing.ts';

const OPEN_MS = 5_000;
const CALL_MS = 10_000;
const DAEMON = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

export interface Call {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

/** The parts of the library's connection that its types leave out. */
interface RawConnection {
  readonly stream?: {
    readonly writable: boolean;
    readonly writableLength: number;
    write(bytes: Uint8Array): void;
    destroy(): void;
  };
  on(event: 'end', listener: () => void): void;
}

export class Bus {
  readonly #bus: ReturnType<typeof sessionBus>;
  readonly #connection: RawConnection;
  /** Resolves when the daemon is gone or `close` was called. */
  readonly ended: Promise<void>;
  #isOver = false;

  private constructor(address: string) {
    this.#bus = sessionBus({ busAddress: address, authMethods: ['EXTERNAL'] });
    this.#connection = (this.#bus as unknown as { _connection: RawConnection })._connection;
    this.ended = new Promise((resolve) => {
      const end = () => {
        this.#isOver = true;
        resolve();
      };
      this.#connection.on('end', end);
      (this.#bus as unknown as NodeJS.EventEmitter).on('error', end);
    });
  }

  static async open(address: string): Promise<Bus> {
    const bus = new Bus(address);
    const connected = new Promise<void>((resolve, reject) => {
      bus.#bus.once('connect', resolve);
      void bus.ended.then(() => reject(new DBusError('org.freedesktop.DBus.Error.NoServer', `no D-Bus at ${address}`)));
    });
    await within(
      OPEN_MS,
      connected,
      () => new DBusError('org.freedesktop.DBus.Error.NoServer', `no answer at ${address}`),
    );
    return bus;
  }

  /** The unique name of this connection. */
  get name(): string {
    return this.#bus.name ?? '';
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Rejects with a DBusError: the callee's, or NoReply after the deadline. */
  async call(call: Call, deadlineMs = CALL_MS): Promise<readonly unknown[]> {
    if (this.#isOver) throw new DBusError('org.freedesktop.DBus.Error.Disconnected', 'the bus is gone');
    const { body = [], ...rest } = call;
    const answer = this.#bus.call(new Message({ ...rest, body: [...body] }));
    const tooLate = () => new DBusError('org.freedesktop.DBus.Error.NoReply', `${call.member}: no answer`);
    return (await within(deadlineMs, answer, tooLate))?.body ?? [];
  }

  /** Calls and wants no answer. */
  tell(call: Call): void {
    const { body = [], ...rest } = call;
    this.#send(new Message({ ...rest, body: [...body], flags: MessageFlag.NO_REPLY_EXPECTED }));
  }

  signal(path: string, iface: string, member: string, signature: string, body: readonly unknown[]): void {
    this.#send(Message.newSignal(path, iface, member, signature, [...body]));
  }

  /** A whole message, already in bytes. `make` gets its serial number. */
  sendRaw(make: (serial: number) => Uint8Array): void {
    const { stream } = this.#connection;
    if (!this.#isOver && stream?.writable) stream.write(make(this.#bus.newSerial()));
  }

  /** Written and not yet taken by the daemon. */
  get backlogBytes(): number {
    return this.#connection.stream?.writableLength ?? 0;
  }

  /** The handler answers through `reply` or `refuse` and says whether the call was for it. */
  onCall(handler: (message: Message) => boolean): void {
    this.#bus.addMethodHandler(handler);
  }

  onSignal(handler: (message: Message) => void): void {
    this.#bus.on('message', (message) => {
      if (message.type === MessageType.SIGNAL) handler(message);
    });
  }

  reply(message: Message, signature: string, body: readonly unknown[]): void {
    if (!wantsReply(message)) return;
    this.#send(Message.newMethodReturn(message, signature, [...body]));
  }

  refuse(message: Message, failure: unknown): void {
    if (!wantsReply(message)) return;
    const known = failure instanceof DBusError;
    const name = known ? failure.type : 'org.freedesktop.DBus.Error.Failed';
    this.#send(Message.newError(message, name, known ? failure.text : String(failure)));
  }

  async addMatch(rule: string): Promise<void> {
    await this.call({ ...DAEMON, member: 'AddMatch', signature: 's', body: [rule] });
  }

  async removeMatch(rule: string): Promise<void> {
    await this.call({ ...DAEMON, member: 'RemoveMatch', signature: 's', body: [rule] });
  }

  async ownName(name: string): Promise<void> {
    await this.#bus.requestName(name);
  }

  close(): void {
    this.#isOver = true;
    this.#connection.stream?.destroy();
  }

  #send(message: Message): void {
    // The library throws when the stream is closed; whoever listens for `ended` knows already.
    if (this.#isOver || this.#connection.stream?.writable === false) return;
    this.#bus.send(message);
  }
}

function wantsReply(message: Message): boolean {
  return (message.flags & MessageFlag.NO_REPLY_EXPECTED) === 0;
}
