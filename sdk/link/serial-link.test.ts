// The serial link on a port that does what it is told. What only a real tty shows is in the contract suite of the simulator.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MadeBinding, NEVER } from './made-port.testkit.ts';
import { guardedRead, loadUnixRead } from './serial-binding.ts';
import { SERIAL_DEADLINES } from './serial-line.ts';
import { openSerialLinkOn, type SerialOptions } from './serial-link.ts';
import { LOOK_MS, type PollFailure, watchLine } from './serial-watch.ts';

/** Hundreds of times sooner: what a deadline ends is an error here, not a wait. */
const SOON = { openMs: 30, writeMs: 30, modemLinesMs: 30, drainMs: 30, closeMs: 30 };
const AT_ONCE_BAUD = 100_000_000;

async function open(made: MadeBinding, options: SerialOptions = {}) {
  return openSerialLinkOn(made.binding, { path: '/dev/made', baudRate: AT_ONCE_BAUD, ...options }, SOON);
}

const lost = { code: 'link-lost', where: '/dev/made' };

describe('opening a serial link', () => {
  it('asks for the port alone, and leaves the modem lines as they are', async () => {
    const made = new MadeBinding();
    const link = await open(made);
    await link.write(Uint8Array.of(1));
    await link.close();
    expect(made.asked).toMatchObject([{ path: '/dev/made', baudRate: AT_ONCE_BAUD, lock: true, hupcl: false }]);
    expect(made.port.calls).toEqual(['write 1', 'drain', 'close']);
    expect(link.notes).toEqual([]);
  });

  it('asks for 115200 baud when nothing is said', async () => {
    const made = new MadeBinding();
    const link = await openSerialLinkOn(made.binding, { path: '/dev/made' });
    await link.close();
    expect(made.asked).toMatchObject([{ baudRate: 115_200 }]);
    expect(link.name).toBe('serial /dev/made at 115200 baud');
  });

  it.each([
    [false, false],
    [true, false],
    [false, true],
  ])('sets DTR %s and RTS %s when told to, and nothing else', async (dtr, rts) => {
    const made = new MadeBinding();
    const link = await open(made, { dtr, rts, lock: false, hupcl: true });
    await link.close();
    const set = made.port.calls.filter((call) => call.startsWith('set '));
    expect(set).toEqual([`set ${JSON.stringify({ dtr, rts, cts: false, dsr: false, brk: false, lowLatency: false })}`]);
    expect(made.asked).toMatchObject([{ lock: false, hupcl: true }]);
  });

  it.each([
    ['has none', () => Promise.reject(new Error('Inappropriate ioctl')), /DTR and RTS.*Inappropriate ioctl/],
    ['does not answer', () => NEVER, /DTR and RTS.*did not answer/],
  ])('opens a port whose modem lines cannot be set, and notes it: it %s', async (_, answer, note) => {
    const made = new MadeBinding();
    made.port.answers.set = answer;
    const link = await open(made, { dtr: false, rts: false });
    expect(link.notes).toEqual([expect.stringMatching(note)]);
    await link.close();
  });

  it.each([
    [{}],
    [{ path: '/dev/made', match: 'made' }],
    [{ path: '/dev/made', dtr: true }],
    [{ path: '/dev/made', rts: false }],
    [{ path: '/dev/made', baudRate: 0 }],
    [{ path: '/dev/made', baudRate: 9600.5 }],
  ])('refuses what does not go together: %j', async (options) => {
    const opening = openSerialLinkOn(new MadeBinding().binding, options);
    await expect(opening).rejects.toMatchObject({ code: 'usage' });
  });

  it('gives up on a system that does not answer, and closes what it hands over later', async () => {
    const made = new MadeBinding();
    let answer = () => {};
    made.opening = (port) =>
      new Promise((resolve) => {
        answer = () => resolve(port);
      });
    await expect(open(made)).rejects.toMatchObject({ code: 'link-open', where: '/dev/made' });
    answer();
    await vi.waitFor(() => expect(made.port.calls).toEqual(['close']));
  });

  it('gives up when told to, with the reason of the signal', async () => {
    const made = new MadeBinding();
    made.opening = () => NEVER;
    const stop = new AbortController();
    const opening = openSerialLinkOn(made.binding, { path: '/dev/made', signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
  });
});

describe('a serial line that hangs up', () => {
  it('fails what waits in it, takes no more, and closes the port', async () => {
    const made = new MadeBinding();
    made.port.answers.write = () => NEVER;
    const link = await open(made);
    const writes = [link.write(Uint8Array.of(1)), link.write(Uint8Array.of(2))];
    made.hangUp(new Error('unplugged'));
    made.hangUp(new Error('unplugged'));
    for (const write of writes) await expect(write).rejects.toMatchObject(lost);
    await expect(link.write(Uint8Array.of(3))).rejects.toMatchObject(lost);
    await expect(link.chunks[Symbol.asyncIterator]().next()).rejects.toMatchObject(lost);
    await link.close();
    expect(made.port.written).toEqual([1]);
    expect(made.port.calls.filter((call) => call === 'close')).toHaveLength(1);
  });

  it('hands out what had come', async () => {
    const made = new MadeBinding();
    const link = await open(made);
    const chunks = link.chunks[Symbol.asyncIterator]();
    await vi.waitFor(() => expect(made.port.isReading).toBe(true));
    made.port.arrive(7, 8);
    expect([...(await chunks.next()).value!]).toEqual([7, 8]);
    made.hangUp(null);
    await expect(chunks.next()).rejects.toMatchObject(lost);
  });

  it('is noticed by a write that fails', async () => {
    const made = new MadeBinding();
    made.port.answers.write = () => Promise.reject(Object.assign(new Error('bad file'), { disconnect: true }));
    const link = await open(made);
    await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject(lost);
    await expect(link.chunks[Symbol.asyncIterator]().next()).rejects.toMatchObject(lost);
  });
});

describe('deadlines of a serial link', () => {
  it('end a write that the device does not take, and the link with it', async () => {
    const made = new MadeBinding();
    made.port.answers.write = () => NEVER;
    const link = await open(made);
    await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject(lost);
    await expect(link.write(Uint8Array.of(2))).rejects.toMatchObject(lost);
    expect(made.port.written).toEqual([1]);
  });

  it('leave a write the time that its bytes take on the wire', async () => {
    const made = new MadeBinding();
    let take = () => {};
    made.port.answers.write = () =>
      new Promise((resolve) => {
        take = resolve;
      });
    const link = await open(made, { baudRate: 9_600 });
    const writing = link.write(new Uint8Array(960));
    await new Promise((resolve) => setTimeout(resolve, 10 * SOON.writeMs));
    take();
    await writing;
    made.port.answers = {};
    await link.close();
  });

  it('end a drain, and throw away what was not sent so that the close need not wait for it', async () => {
    const made = new MadeBinding();
    made.port.answers.drain = () => NEVER;
    const link = await open(made);
    await link.close();
    expect(made.port.calls).toEqual(['drain', 'flush', 'close']);
  });

  it('end a close, also where nothing answers any more', async () => {
    const made = new MadeBinding();
    made.port.answers = { write: () => NEVER, drain: () => NEVER, flush: () => NEVER, close: () => NEVER };
    const link = await open(made);
    const writing = link.write(Uint8Array.of(1));
    await Promise.all([link.close(), expect(writing).rejects.toMatchObject(lost)]);
    expect(made.port.calls.filter((call) => call === 'close')).toHaveLength(1);
  });

  it('are seconds', () => {
    for (const ms of Object.values(SERIAL_DEADLINES)) expect(ms).toBeLessThanOrEqual(10_000);
  });
});

describe('the watch over a line', () => {
  const READABLE = 1;
  const WRITABLE = 2;
  const DISCONNECT = 4;
  afterEach(() => void vi.useRealTimers());

  function watched() {
    vi.useFakeTimers();
    const asked: number[] = [];
    const hangUps: unknown[] = [];
    const listeners = new Map<string, (failure: PollFailure | null) => void>();
    const poller = {
      poller: { poll: (events: number) => void asked.push(events) },
      poll: (_events?: number) => {},
      on: (event: string, listener: (failure: PollFailure | null) => void) => listeners.set(event, listener),
      off: (event: string) => listeners.delete(event),
    };
    watchLine(poller, (cause) => hangUps.push(cause));
    const come = (event: string, failure: PollFailure | null = null) => listeners.get(event)?.(failure);
    return { asked, hangUps, poller, come, listeners };
  }

  it('waits for everything that is awaited at once, and for the hang-up always', () => {
    const { asked, poller, come } = watched();
    poller.poll(READABLE);
    poller.poll(WRITABLE);
    come('writable');
    come('readable');
    const both = READABLE | WRITABLE | DISCONNECT;
    expect(asked).toEqual([DISCONNECT, READABLE | DISCONNECT, both, READABLE | DISCONNECT, DISCONNECT]);
  });

  it('looks by itself while nothing is awaited, and not otherwise', () => {
    const { asked, poller } = watched();
    vi.advanceTimersByTime(LOOK_MS * 3);
    expect(asked).toEqual(Array.from({ length: 4 }, () => DISCONNECT));
    poller.poll(READABLE);
    vi.advanceTimersByTime(LOOK_MS * 3);
    expect(asked).toHaveLength(5);
  });

  it('tells of the hang-up once, whichever way it comes, and asks no more', () => {
    const { asked, hangUps, poller, come, listeners } = watched();
    const failure = new Error('bad file descriptor');
    for (const event of ['readable', 'writable', 'disconnect']) come(event, failure);
    poller.poll(READABLE);
    vi.advanceTimersByTime(LOOK_MS * 3);
    expect(hangUps).toEqual([failure]);
    expect(asked).toEqual([DISCONNECT]);
    expect(vi.getTimerCount() + listeners.size).toBe(0);
  });

  it('takes a hang-up without an error for one', () => {
    const { hangUps, come } = watched();
    come('disconnect');
    expect(hangUps).toEqual([null]);
  });

  it('ends in silence when the port is closed', () => {
    const { hangUps, come, listeners } = watched();
    come('readable', Object.assign(new Error('Canceled'), { canceled: true }));
    expect(hangUps).toEqual([]);
    expect(vi.getTimerCount() + listeners.size).toBe(0);
  });
});

describe('the guarded read', () => {
  it('finds the read of bindings-cpp where it was, and turns 0 bytes into a hang-up', async () => {
    const unixRead = loadUnixRead();
    const binding = { isOpen: true, fd: 3 } as never;
    const reading = unixRead({
      binding,
      buffer: Buffer.alloc(4),
      offset: 0,
      length: 4,
      fsReadAsync: async () => Promise.reject(Object.assign(new Error('hung up'), { code: 'ENXIO' })),
    });
    await expect(reading).rejects.toMatchObject({ disconnect: true });
  });

  it.skipIf(process.platform === 'win32')('reads 0 bytes of nothing as a hang-up', async () => {
    const { open: openFile } = await import('node:fs/promises');
    const file = await openFile('/dev/null', 'r');
    await expect(guardedRead(file.fd, Buffer.alloc(4), 0, 4, null)).rejects.toMatchObject({ code: 'ENXIO' });
    await file.close();
  });
});
