// Waits for a serial line on Linux: readable, writable, or gone. It takes the place of how bindings-cpp 13 asks its own poller, which
// forgets what it was asked before: while a write waits for room, nothing is read; and who does not read hears nothing of a hang-up.

/** The poller of bindings-cpp, as far as it is used. */
export interface LinePoller {
  /** The native one beneath it: waits for exactly these events, in place of what it was asked before. */
  readonly poller: { poll(events: number): void };
  poll(events?: number): void;
  on(event: LineEvent, listener: LineListener): unknown;
  off(event: LineEvent, listener: LineListener): unknown;
}

type LineEvent = 'readable' | 'writable' | 'disconnect';
type LineListener = (failure: PollFailure | null) => void;

export type PollFailure = Error & { readonly canceled?: boolean };

const READABLE = 1;
const WRITABLE = 2;
const DISCONNECT = 4;
/** Drivers wake who reads or writes when the line hangs up. Who waits for neither asks by itself, this often. */
export const LOOK_MS = 100;

/** Calls `onHangUp` once, as soon as the line is gone, no matter whether anybody reads or writes. Ends when the poller is stopped. */
export function watchLine(poller: LinePoller, onHangUp: (cause: unknown) => void): void {
  let awaited = 0;
  let isOver = false;
  const ask = () => {
    if (!isOver) poller.poller.poll(awaited | DISCONNECT);
  };
  const looking = setInterval(() => {
    if (awaited === 0) ask();
  }, LOOK_MS);
  looking.unref();
  const listeners: [LineEvent, LineListener][] = [
    ['readable', (failure) => came(READABLE, failure)],
    ['writable', (failure) => came(WRITABLE, failure)],
    ['disconnect', (failure) => came(DISCONNECT, failure)],
  ];
  const end = () => {
    isOver = true;
    clearInterval(looking);
    // bindings-cpp never lets go of a poller, and a poller must not hold a link.
    for (const [event, listener] of listeners) poller.off(event, listener);
    poller.poll = ignore;
  };
  const came = (event: number, failure: PollFailure | null) => {
    if (isOver) return;
    if (failure === null && event !== DISCONNECT) {
      awaited &= ~event;
      return ask();
    }
    end();
    if (failure?.canceled !== true) onHangUp(failure);
  };
  poller.poll = (events = 0) => {
    awaited |= events & (READABLE | WRITABLE);
    ask();
  };
  for (const [event, listener] of listeners) poller.on(event, listener);
  ask();
}

function ignore(): void {}
