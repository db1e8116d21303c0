import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { toHex } from '../evidence/record-types.ts';
import { ManualClock, settle } from '../gateway/manual-clock.testkit.ts';
import { createMemoryWire } from '../link/memory-link.ts';
import { createChance, makeEcg, pick } from '../pipeline/made-signals.testkit.ts';
import { openStoreFile } from '../world/node-store.ts';
import { port, type Scene, tell } from './first-contact.testkit.ts';
import { addLive } from './live-command.ts';

const BOARD = port('/dev/ttyACM0', 'usb-Maker_Board_7-if00');
const folder = mkdtempSync(join(tmpdir(), 'maibo-live-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ecg = [...makeEcg(40).counts].map(String);

interface Board {
  /** Prints these lines over so much time, and lets it go by. */
  print(lines: readonly string[], overMs: number): Promise<void>;
  write(bytes: Uint8Array): Promise<void>;
  wait(ms: number): Promise<void>;
  unplug(): Promise<void>;
  interrupt(): void;
}

/** Runs `maibo live` at a board that does what the test says, in time that the test makes. */
async function live(does: (board: Board) => Promise<void>, ...argv: string[]) {
  const clock = new ManualClock();
  const { ends, unplug } = createMemoryWire();
  const [host, device] = ends;
  const interrupt = new AbortController();
  const opened: unknown[] = [];
  const openPort: Scene['openPort'] = async (path, baudRate) => {
    opened.push(path, baudRate);
    return host;
  };
  const scene = { clock, interrupt, openPort, ports: [BOARD] };
  const telling = tell(addLive, scene, 'live', BOARD.path, ...argv).catch((failure: unknown) => ({ failure }));
  const board: Board = {
    print: async (lines, overMs) => {
      const steps = Math.max(1, Math.round(overMs / 100));
      for (let step = 0; step < steps; step++) {
        await clock.advance(overMs / steps);
        const some = lines.slice((lines.length * step) / steps, (lines.length * (step + 1)) / steps);
        await device.write(Buffer.from(some.map((line) => `${line}\r\n`).join('')));
        await settle();
      }
    },
    write: (bytes) => device.write(new Uint8Array(bytes)),
    wait: (ms) => clock.advance(ms),
    unplug: async () => {
      unplug();
      await settle();
    },
    interrupt: () => interrupt.abort(),
  };
  await settle();
  await does(board);
  await settle();
  board.interrupt();
  const told = await telling;
  return { ...{ code: null, out: '', err: '', failure: null }, ...told, opened };
}

function inStore<T>(name: string, look: (store: ReturnType<typeof openStoreFile>['store']) => T): T {
  const file = openStoreFile(join(folder, name, 'store.sqlite'), { readOnly: true });
  try {
    return look(file.store);
  } finally {
    file.close();
  }
}

describe('maibo live --lines', () => {
  it('shows the beats of a board that prints an ECG', async () => {
    const does = (board: Board) => board.print(['ets Jun  8', 'boot', ...ecg], 40_000);
    const { code, out, err, opened } = await live(does, '--lines', 'ecg');
    expect(out).toMatch(/^\d\d:\d\d:\d\d +\d\d beats\/min {2}RR +\d+ ms\n/);
    expect(out).toMatch(/RMSSD \d+ ms \(30 beats\)\n/);
    expect(out.split('\n').length).toBeGreaterThan(35);
    expect(err).toMatch(/waiting for the first number\n.*numbers come.*heart beats\.\n$/s);
    expect(err).not.toContain('--rate');
    expect(code).toBe(0);
    expect(opened).toEqual([BOARD.path, 115_200]);
  });

  it('shows intervals that a board prints', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => String(800 + (index % 5) * 10));
    const does = (board: Board) => board.print(lines, 24_600);
    const { out, opened } = await live(does, '--lines', 'rr', '--baud', '9600');
    expect(out).toMatch(/ {2}74 beats\/min {2}RR {2}810 ms\n/);
    expect(out).toMatch(/RMSSD \d+ ms \(2\d beats\)\n/);
    expect(opened).toEqual([BOARD.path, 9_600]);
  });

  it('says how often numbers come when that is not what was said', async () => {
    const does = (board: Board) => board.print(ecg.slice(0, 198 * 25), 25_000);
    const { err } = await live(does, '--lines', 'ecg');
    expect(err.match(/about \d+ a second came, not 250: give --rate \d+/g)).toEqual([
      'about 198 a second came, not 250: give --rate 198',
    ]);
  });

  it('says what to look at when nothing comes', async () => {
    const { code, err } = await live((board) => board.wait(20_000), '--lines', 'ppg', '--baud', '57600');
    expect(err.match(/Nothing came for 5 s: does the sketch run, .*Serial\.begin\(57600\)/g)).toHaveLength(1);
    expect(err).toContain('No heart beat came. Try: is it worn, does it print a number a line');
    expect(code).toBe(0);
  });

  it('says what came when it is no number, as at a wrong baud rate', async () => {
    const chance = createChance(3);
    const does = async (board: Board) => {
      for (let turn = 0; turn < 20; turn++) {
        // Now and then garbage holds a number.
        await board.write(Uint8Array.from({ length: 9_000 }, () => pick(chance, 0x100)));
        await board.write(Buffer.from('\n5\n\u001b[31m1.65 V\n'));
        await board.wait(1_000);
      }
    };
    const { err, out } = await live(does, '--lines', 'ecg');
    expect(err.match(/Most that came in 5 s is no number that can be but ".*Serial\.begin\(115200\)/g)).toHaveLength(1);
    expect(err).not.toContain('\u001b');
    expect(out).toBe('');
  });

  it('finds the beats of a pulse sensor', async () => {
    const bell = (awayS: number, widthS: number) => Math.exp(-((awayS / widthS) ** 2) / 2);
    const pulse = (atS: number) => 300 * bell(atS - 0.2, 0.07) + 90 * bell(atS - 0.5, 0.09);
    // A beat every 800 ms at 100 samples a second, with the grain of a converter.
    const lines = Array.from({ length: 4_000 }, (_, index) => String(400 + Math.round(pulse((index % 80) / 100))));
    const does = (board: Board) => board.print(['x', ...lines], 40_000);
    const { out } = await live(does, '--lines', 'ppg', '--rate', '100');
    expect(out).toMatch(/ {2}75 beats\/min {2}RR {2}800 ms {2}RMSSD \d ms \(30 beats\)\n/);
  });

  it('says that intervals in microseconds are no numbers that can be', async () => {
    const lines = Array<string>(30).fill('812000');
    const { err, out } = await live((board) => board.print(lines, 24_000), '--lines', 'rr');
    expect(err).toContain('no number that can be but "812000"');
    expect(out).toBe('');
  });

  it('says that there is no signal while the electrodes are off, and goes on with beats', async () => {
    const off = Array<string>(2_500).fill('!');
    const does = async (board: Board) => {
      await board.print(ecg.slice(0, 5_000), 20_000);
      await board.print(off, 10_000);
      await board.print(ecg.slice(5_000), 20_000);
    };
    const { out, err } = await live(does, '--lines', 'ecg');
    expect(err).toContain('no usable signal (missing): are all electrodes on the skin');
    expect(err).toContain('2500 lines held no number that can be, the last "!".');
    expect(err).toContain('Most that came in 5 s is no number that can be but "!"');
    for (const [, rrMs] of out.matchAll(/RR +(\d+) ms/g)) expect(Number(rrMs)).toBeLessThan(2_000);
  });

  it('shows noise as no beats of which it is sure', async () => {
    const chance = createChance(9);
    const noise = Array.from({ length: 7_500 }, () => String(pick(chance, 1_023)));
    const { out, err } = await live((board) => board.print(noise, 30_000), '--lines', 'ecg');
    expect(err).toMatch(/no usable signal \(noise\)|the signal is poor \(quality \d+ %\)/);
    expect(out).not.toContain('RMSSD');
  });
});

describe('maibo live --lines --store', () => {
  it('keeps each run as a stream of its own, under a name that is not the board’s', async () => {
    const store = ['--lines', 'ecg', '--gain', '200', '--store', join(folder, 'kept')];
    for (let turn = 0; turn < 2; turn++) {
      const { code, err } = await live((board) => board.print(['x', ...ecg], 40_000), ...store);
      expect(err).toContain('stored in');
      expect(code).toBe(0);
    }
    inStore('kept', (kept) => {
      const { problems, streams } = verifyStore(kept);
      expect(problems).toEqual([]);
      expect(streams.map(({ blockCount }) => blockCount)).toEqual([40, 40]);
      const devices = kept.streams().map(({ device }) => toHex(device));
      expect(new Set(devices).size).toBe(1);
      expect(kept.streams().map(({ ended }) => ended)).toEqual([true, true]);
    });
  });

  it('leaves a hole where the line paused, and shows no interval across it', async () => {
    const does = async (board: Board) => {
      await board.print(['x', ...ecg.slice(0, 5_000)], 20_000);
      await board.wait(3_000);
      await board.print(ecg.slice(5_000), 20_000);
    };
    const { out, err } = await live(does, '--lines', 'ecg', '--store', join(folder, 'pause'));
    expect(err).toContain('the line paused, and what it missed stays a hole');
    for (const [, rrMs] of out.matchAll(/RR +(\d+) ms/g)) expect(Number(rrMs)).toBeLessThan(2_000);
    inStore('pause', (kept) => expect(verifyStore(kept).problems).toEqual([]));
  });

  it('says that the board was unplugged, and has stored what came before', async () => {
    const does = async (board: Board) => {
      await board.print(['x', ...ecg.slice(0, 2_600)], 10_400);
      await board.unplug();
    };
    const { failure } = await live(does, '--lines', 'ecg', '--store', join(folder, 'unplugged'));
    expect(failure).toMatchObject({ code: 'link-lost', hint: expect.stringContaining('unplugged') });
    inStore('unplugged', (kept) => {
      const { problems, streams } = verifyStore(kept);
      expect(problems).toEqual([]);
      expect(streams[0]).toMatchObject({ blockCount: 11 });
    });
  });

  it('refuses intervals that cannot be, and has stored what came before', async () => {
    const does = async (board: Board) => {
      await board.print(['x', ...Array<string>(10).fill('800')], 8_000);
      await board.print(Array<string>(1_000).fill('9000'), 100);
    };
    const { failure } = await live(does, '--lines', 'rr', '--store', join(folder, 'refused'));
    expect(failure).toMatchObject({ code: 'device-refused' });
    inStore('refused', (kept) => {
      expect(verifyStore(kept).problems).toEqual([]);
      expect(kept.streams()[0]!.nextBlock).toBeGreaterThan(0);
    });
  });
});

describe('options of --lines', () => {
  it.each([
    ['another signal', ['--lines', 'eeg'], '--lines eeg'],
    ['a rate that no core takes', ['--lines', 'ppg', '--rate', '1000'], '--rate 1000'],
    ['a rate that is none', ['--lines', 'ecg', '--rate', 'fast'], '--rate fast'],
    ['a rate of intervals', ['--lines', 'rr', '--rate', '250'], '--rate'],
    ['half a baud', ['--lines', 'ecg', '--baud', '0.5'], '--baud 0.5'],
    ['no gain', ['--lines', 'ecg', '--gain', '0'], '--gain 0'],
    ['a rate without lines', ['--rate', '250'], '--rate says nothing without --lines'],
  ])('refuse %s', async (_, argv, text) => {
    const { failure, opened } = await live(async () => undefined, ...argv);
    expect(failure).toMatchObject({ code: 'usage', message: expect.stringContaining(text) });
    expect(opened).toEqual([]);
  });

  it('say that no port has the name', async () => {
    await expect(tell(addLive, {}, 'live', 'nobody', '--lines', 'ecg')).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('maibo scan'),
    });
  });
});
