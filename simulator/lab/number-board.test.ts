// A board that prints numbers, on a kernel pty: what README says of it works word for word.
import { systemClock } from '@maibo/sdk';
import { describe, expect, it, vi } from 'vitest';
import { openPty } from '../device/pty.ts';
import { createWearer, MISSING_COUNT } from '../wearer/wearer.ts';
import { createRng } from '../world/rng.ts';
import { useFolder } from './lab-process.testkit.ts';
import { printNumbers } from './number-board.testkit.ts';
import { type Printed, type Typed, useMaibo } from './typed-maibo.testkit.ts';

const folder = useFolder('number-board');
const maibo = useMaibo(folder);
// Processes start and play in real time, on a machine that may have more to do.
vi.setConfig({ testTimeout: 120_000 });

const RATE_HZ = 250;
/** The middle of a converter of ten bits. */
const MIDDLE = 512;
const CHATTER = 'ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET)\r\n';
const SPEED = 4;

const wearer = createWearer({ seed: 6, durationS: 400, rateHz: RATE_HZ, gain: 200, bits: 10 });
const ecg = [...wearer.counts()].flatMap((counts) =>
  Array.from(counts, (count) => (count === MISSING_COUNT ? '!' : String(count + MIDDLE))),
);

const probe = openPty();
await probe?.link.close();
const needsPty = probe === null && process.env.MAIBO_REQUIRE_ALL !== '1';

describe.skipIf(needsPty)(`a board that prints numbers${needsPty ? ' (no pty here)' : ''}`, () => {
  /** `maibo live` at a board that prints these lines as soon as somebody reads; unplugged as soon as `unplug` was printed. */
  async function live(lines: readonly string[], typed: Typed & { unplug?: RegExp }, ...args: string[]) {
    const pty = openPty()!;
    const stop = new AbortController();
    let printing: Promise<void> | null = null;
    const watch = (text: string) => {
      if (printing !== null || !text.includes('connected')) {
        if (typed.unplug?.test(text)) void pty.link.close();
        return;
      }
      const pace = { clock: systemClock, rateHz: RATE_HZ, speed: SPEED, signal: stop.signal };
      printing = printNumbers(lines, { link: pty.link, chatter: CHATTER, ...pace });
    };
    try {
      return await maibo({ ...typed, watch }, 'live', pty.slavePath, ...args);
    } finally {
      stop.abort();
      await printing;
      await pty.link.close();
    }
  }

  async function expectHolds(store: string): Promise<void> {
    const verified: Printed = await maibo({}, 'verify', `${store}/store.sqlite`);
    expect(verified.text).toContain(`OK  ${store}/store.sqlite holds`);
    expect(verified.code).toBe(0);
  }

  it('is shown beat by beat, with how often its numbers come, and kept as signed records that hold', async () => {
    const args = ['--lines', 'ecg', '--rate', '250', '--store', 'my-board'];
    const { code, text } = await live(ecg, { until: /RMSSD.*give --rate \d+|give --rate \d+.*RMSSD/s }, ...args);
    expect(text).toMatch(/\d\d:\d\d:\d\d +\d+ beats\/min {2}RR +\d+ ms/);
    expect(text).toMatch(/about \d+ a second came, not 250: give --rate \d+/);
    expect(text).toMatch(/stored in my-board; .*\n[1-9]\d* heart beats\.\n$/);
    expect(code).toBe(0);
    await expectHolds('my-board');
  });

  it('says in plain words that it was unplugged, and what came before is kept', async () => {
    const args = ['--lines', 'ecg', '--store', 'pulled'];
    const { code, text } = await live(ecg, { unplug: /RMSSD/ }, ...args);
    expect(text).toMatch(/maibo: .*: the board is gone \(was it unplugged\? What came before is kept/);
    expect(code).toBe(1);
    await expectHolds('pulled');
  });

  it('says what came when that is no number, as at a wrong baud rate, and ends with Ctrl-C', async () => {
    const rng = createRng(5);
    const noise = Array.from({ length: 20_000 }, () =>
      String.fromCharCode(...Array.from({ length: 8 }, () => 0x80 + (rng.nextUint32() & 0x7f))),
    );
    const { code, text } = await live(noise, { until: /no number that can be/ }, '--lines', 'ppg', '--baud', '9600');
    expect(text).toMatch(/Most that came in 5 s is no number that can be.*Serial\.begin\(9600\)/);
    expect(text).toContain('No heart beat came. Try: is it worn');
    expect(code).toBe(0);
  });
});
