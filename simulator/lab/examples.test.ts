// The examples of the SDK as a newcomer runs them, against a virtual wearable (npm test builds them first).
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadOrCreateLinkKey, systemClock, systemEntropy, toHex } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { openPty } from '../device/pty.ts';
import { Wearable, wearableKeys } from '../device/wearable.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { createWearer } from '../wearer/wearer.ts';
import { useFolder } from './lab-process.testkit.ts';

const folder = useFolder('examples');

/** Runs one to its end; gives its exit code and what it printed. */
async function runExample(name: string, ...args: string[]): Promise<{ code: number | null; text: string }> {
  const path = fileURLToPath(new URL(`../../sdk/dist/examples/${name}.js`, import.meta.url));
  const outputPath = join(folder, `${name}.txt`);
  const output = openSync(outputPath, 'w');
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', output, output] });
  closeSync(output);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, text: readFileSync(outputPath, 'utf8') };
}

describe('the examples', () => {
  it('01 analyses a recording', async () => {
    const path = join(folder, 'rr.txt');
    writeFileSync(path, Array.from({ length: 120 }, (_, index) => `${800 + (index % 7) * 10}\n`).join(''));
    const { code, text } = await runExample('01-analyze-a-recording', path);
    expect(text).toMatch(/^121 beats\nRMSSD \d/);
    expect(code).toBe(0);
  });

  it('04 computes HRV of intervals by window', async () => {
    const path = join(folder, 'long.txt');
    writeFileSync(
      path,
      Array.from({ length: 400 }, (_, i) => `${Math.round(820 + 40 * Math.sin(i / 1.3) + (i % 7))}\n`).join(''),
    );
    const { code, text } = await runExample('04-windows-of-intervals', path);
    expect(text).toMatch(/^RMSSD \d[\d.]* ± \d[\d.]* ms\nHF power \d/);
    expect(text.match(/^up to \d+ s: SDNN \d/gm)!.length).toBeGreaterThan(5);
    expect(code).toBe(0);
  });

  const pty = openPty();
  it.skipIf(pty === null)(
    `03 stores beats from a serial port, and 02 verifies them${pty === null ? ' (no pty here)' : ''}`,
    async () => {
      if (pty === null) return;
      const wearer = createWearer({ seed: 5, durationS: 40, rateHz: 250 });
      const source = createWearerSource(wearer, 'example');
      const gateway = join(folder, 'gateway');
      const host = loadOrCreateLinkKey(join(gateway, 'gateway-link.key'), systemEntropy);
      const device = new Wearable({
        link: pty.link,
        source,
        clock: systemClock,
        entropy: systemEntropy,
        hosts: [host.publicKey],
        speed: Number.POSITIVE_INFINITY,
      });
      const running = device.run();
      const key = toHex(wearableKeys(source).link.publicKey);
      const collected = await runExample('03-first-heartbeat', pty.slavePath, gateway, key);
      expect(collected.text).toContain('beats at');
      expect(collected.code).toBe(0);
      await running;
      await pty.link.close();
      const verified = await runExample('02-verify-a-store', join(gateway, 'store.sqlite'));
      expect(verified.text).toMatch(/log 1 [1-9]\d* results came out the same again/);
      expect(verified.code).toBe(0);
    },
  );
});
