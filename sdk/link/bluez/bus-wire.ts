// A connection to a D-Bus daemon, as little of one as the client needs: messages out, messages in, and the end. The only file that
// touches the D-Bus library's connection; tests bring a wire of their own.
import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { type Message, type MessageBus, MessageType, sessionBus } from '@jellybrick/dbus-next';
import { type OnValue, tapValues } from './value-tap.ts';

export interface BusWire {
  /** Our unique name on the bus. */
  readonly name: string;
  newSerial(): number;
  /** Throws when the connection is closed. */
  send(message: Message): void;
  /** Closes at once; `onEnd` is called. */
  close(): void;
}

export interface BusWireEvents {
  /** A signal or an answer. */
  onMessage(message: Message): void;
  /** A notification, where the wire can tell; else it comes as a signal. */
  onValue: OnValue;
  /** Somebody calls us; false: not for us, and refused. */
  onCall(message: Message): boolean;
  /** Once, however it came. */
  onEnd(cause: unknown): void;
}

/** Connects and says Hello. Rejects when there is no bus, or when `signal` aborts. */
export type WireOpener = (address: string, events: BusWireEvents, signal: AbortSignal) => Promise<BusWire>;

/** What the library keeps to itself, and a test holds in place: only its stream tells of the end. */
interface Inside {
  readonly _connection: { readonly stream?: Duplex };
}

const streamOf = (bus: MessageBus) => (bus as unknown as Inside)._connection.stream;

/** Emitted, though the library's types do not say so. Unheard it would end the process. */
const onError = (bus: MessageBus, heard: (cause: unknown) => void) => (bus as EventEmitter).on('error', heard);

export const openWire: WireOpener = async (address, events, signal) => {
  const bus = sessionBus({ busAddress: address });
  const close = () => streamOf(bus)?.destroy();
  await helloAnswered(bus, signal).catch((cause: unknown) => {
    close();
    throw cause;
  });
  const stream = streamOf(bus);
  if (stream === undefined) throw new Error('the D-Bus library has moved its stream');
  let failure: unknown = null;
  onError(bus, (cause) => {
    failure = cause;
  });
  stream.once('close', () => events.onEnd(failure));
  tapValues(stream, events.onValue);
  guardReader(stream);
  bus.on('message', (message: Message) => {
    if (message.type !== MessageType.METHOD_CALL) events.onMessage(message);
  });
  bus.addMethodHandler((message: Message) => events.onCall(message));
  if (stream.destroyed) queueMicrotask(() => events.onEnd(failure));
  const name = bus.name ?? '';
  return { name, newSerial: () => bus.newSerial(), send: (message) => bus.send(message), close };
};

function helloAnswered(bus: MessageBus, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    onError(bus, (cause) => {
      signal.removeEventListener('abort', onAbort);
      reject(cause);
    });
    bus.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    if (signal.aborted) onAbort();
  });
}

/**
 * The library's reader throws on some valid messages (a file descriptor that did not come along), which anybody on the bus may send us, and
 * what a stream's listener throws ends the process. Each throw has taken its message off the stream, so reading goes on behind it.
 */
function guardReader(stream: Duplex): void {
  for (const read of stream.listeners('readable')) {
    stream.off('readable', read as () => void);
    stream.on('readable', () => {
      for (let isDone = false; !isDone; ) {
        try {
          read.call(stream);
          isDone = true;
        } catch {
          isDone = stream.destroyed;
        }
      }
    });
  }
}
