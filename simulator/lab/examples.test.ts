// The examples of the SDK as a newcomer runs them, against virtual devices (npm test builds them first).
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadOrCreateLinkKey, systemClock, systemEntropy, toHex } from '@maibo/sdk';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Freed, NOTHING_FREED } from '../device/freed-state.ts';
import { openPty, type Pty } from '../device/pty.ts';
import { Wearable, wearableKeys } from '../device/wearable.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { createStrap } from '../radio/clinic-devices/heart-rate-strap.ts';
import { openBluezDouble } from '../radio/double/double.ts';
import { serveDevice } from '../radio/peripheral/serve-device.ts';
import { hasDbusDaemon, openPrivateBus } from '../radio/private-bus.ts';
import { createWearer } from '../wearer/wearer.ts';
import { useFolder } from './lab-process.testkit.ts';

const folder = useFolder('examples');
// Processes start and play in real time, on a machine that may have more to do.
vi.setConfig({ testTimeout: 120_000 });

const isAllRequired = process.env.MAIBO_REQUIRE_ALL === '1';
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

interface Example {
  readonly child: ChildProcess;
  readonly text: () => string;
  readonly ended: Promise<{ code: number | null; text: string }>;
}

/** Starts one; `ended` gives its exit code and what it printed. */
function startExample(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Example {
  const path = fileURLToPath(new URL(`../../sdk/dist/examples/${name}.js`, import.meta.url));
  const outputPath = join(folder, `${name}.txt`);
  const output = openSync(outputPath, 'w');
  const stdio: ['ignore', number, number] = ['ignore', output, output];
  const child = spawn(process.execPath, [path, ...args], { stdio, env: { ...process.env, ...env } });
  closeSync(output);
  running.add(child);
  const text = () => readFileSync(outputPath, 'utf8');
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve)).then((code) => {
    running.delete(child);
    return { code, text: text() };
  });
  return { child, text, ended };
}

function runExample(name: string, ...args: string[]): Promise<{ code: number | null; text: string }> {
  return startExample(name, args).ended;
}

const source = createWearerSource(createWearer({ seed: 5, durationS: 40, rateHz: 250 }), 'example');
const DEVICE_KEY = toHex(wearableKeys(source).link.publicKey);

/** A paired wearable on the pty, until its host is gone. Gives what it was allowed to forget. */
async function wear(
  pty: Pty,
  gateway: string,
  use: () => Promise<void>,
  options: Partial<Freedom> = {},
): Promise<Freed> {
  const host = loadOrCreateLinkKey(join(gateway, 'gateway-link.key'), systemEntropy);
  let freed = options.freed ?? NOTHING_FREED;
  const device = new Wearable({
    ...{ link: pty.link, source, clock: systemClock, entropy: systemEntropy, hosts: [host.publicKey], freed },
    speed: options.speed ?? Number.POSITIVE_INFINITY,
    onFreed: (more) => {
      freed = more;
    },
  });
  const served = device.run();
  try {
    await use();
    await served;
  } finally {
    await pty.link.close();
  }
  return freed;
}

interface Freedom {
  readonly freed: Freed;
  readonly speed: number;
}

describe('the examples', () => {
  it('01 analyses a recording', async () => {
    const path = join(folder, 'rr.txt');
    writeFileSync(path, Array.from({ length: 120 }, (_, index) => `${800 + (index % 7) * 10}\n`).join(''));
    const { code, text } = await runExample('01-analyze-a-recording', path);
    expect(text).toMatch(/^121 beats\nRMSSD \d/);
    expect(code).toBe(0);
  });

  it('07 computes HRV of intervals by window', async () => {
    const path = join(folder, 'long.txt');
    writeFileSync(
      path,
      Array.from({ length: 400 }, (_, i) => `${Math.round(820 + 40 * Math.sin(i / 1.3) + (i % 7))}\n`).join(''),
    );
    const { code, text } = await runExample('07-windows-of-intervals', path);
    expect(text).toMatch(/^RMSSD \d[\d.]* ± \d[\d.]* ms\nHF power \d/);
    expect(text.match(/^up to \d+ s: SDNN \d/gm)!.length).toBeGreaterThan(5);
    expect(code).toBe(0);
  });
});

const probe = openPty();
await probe?.link.close();
const needsPty = probe === null && !isAllRequired;

describe.skipIf(needsPty)(`the examples on a serial port${needsPty ? ' (no pty here)' : ''}`, () => {
  it('02 shows the first heart beats, and leaves everything on the device', async () => {
    const pty = openPty()!;
    const gateway = join(folder, 'first');
    const freed = await wear(pty, gateway, async () => {
      const { code, text } = await runExample('02-first-heartbeat', pty.slavePath, gateway, DEVICE_KEY);
      expect(text).toMatch(/^opening\nready\nreading\nbeat 1 \d+ beats\/min\n(.+\n)+ready\nclosed\n$/);
      expect(text).toContain('beat 10 ');
      expect(code).toBe(0);
    });
    expect(freed).toEqual(NOTHING_FREED);
  });

  it('04 stores and acknowledges what a device holds, found by its name, and 06 verifies a record of it', async () => {
    const pty = openPty()!;
    const gateway = join(folder, 'gateway');
    const names = join(folder, 'serial');
    mkdirSync(join(names, 'by-id'), { recursive: true });
    symlinkSync(pty.slavePath, join(names, 'by-id', 'usb-Acme_Monitor_7-if00'));
    const freed = await wear(pty, gateway, async () => {
      const collected = await runExample('04-serial-clinic-device', 'acme_monitor', gateway, DEVICE_KEY, names);
      expect(collected.text).toMatch(/stored and acknowledged: \d+\n.*ecg [1-9]\d* new records, 0 blocks are missing/s);
      expect(collected.code).toBe(0);
    });
    expect(freed.firstBlock).toBe(source.blockCount);
    const verified = await runExample('06-verify-a-record', join(gateway, 'store.sqlite'), '3');
    expect(verified.text).toMatch(/log 1 [1-9]\d* results came out the same again\nrecord 3 item holds\n$/);
    expect(verified.code).toBe(0);
  });

  it('05 goes on behind what is durable after kill -9, and stores nothing twice', async () => {
    const gateway = join(folder, 'cut');
    const first = openPty()!;
    const freed = await wear(
      first,
      gateway,
      async () => {
        const example = startExample('05-resume-after-power-cut', [first.slavePath, gateway, DEVICE_KEY]);
        while (!example.text().includes('durable up to') && running.has(example.child)) await systemClock.sleep(20);
        example.child.kill('SIGKILL');
        expect((await example.ended).text).not.toContain('went on');
      },
      { speed: 4 },
    );
    expect(freed.firstBlock).toBeLessThan(source.blockCount);
    const second = openPty()!;
    await wear(
      second,
      gateway,
      async () => {
        const { code, text } = await runExample('05-resume-after-power-cut', second.slavePath, gateway, DEVICE_KEY);
        expect(text).toMatch(/^here already: blocks up to [1-9]/);
        expect(text).toMatch(
          new RegExp(`went on behind [1-9]\\d* and now holds ${source.blockCount} blocks\\n0 problems`),
        );
        expect(code).toBe(0);
      },
      { freed },
    );
  });
});

const needsBus = !hasDbusDaemon() && !isAllRequired;

describe.skipIf(needsBus)(`the examples on the air${needsBus ? ' (no dbus-daemon here)' : ''}`, () => {
  it('03 computes HRV of a strap every 30 beats', async () => {
    await using bus = await openPrivateBus();
    await using _double = await openBluezDouble({ busAddress: bus.address });
    const device = createStrap({ seed: 3, speed: 40 });
    await using strap = await serveDevice({
      ...{ busAddress: bus.address, adapter: 'hci1', device },
      clock: systemClock,
    });
    const env = { DBUS_SYSTEM_BUS_ADDRESS: bus.address };
    const { code, text } = await startExample('03-ble-strap-to-hrv', [strap.address, '2'], env).ended;
    expect(text).toMatch(/^heard [0-9A-F:]{17} .+\n(\d+ beats\/min, RMSSD \d[\d.]* ms\n){2}$/);
    expect(code).toBe(0);
  });
});
