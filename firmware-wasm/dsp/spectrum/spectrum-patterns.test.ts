// The test patterns of ANSI/AAMI EC57: 24 hours of known power, one window.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { describeSharedData } from '../../vectors/shared-data.testkit.ts';
import {
  compileSpectrum,
  KUBIOS,
  LOMB,
  MAIBO,
  NEUROKIT,
  OWN,
  spectrumOf,
  TASKFORCE,
  WELCH,
} from './spectrum.testkit.ts';

let wasm: Awaited<ReturnType<typeof compileSpectrum>>;
beforeAll(async () => {
  wasm = await compileSpectrum();
});

describeSharedData('EC57 patterns', 'rr_ec57_testpatterns', (folder) => {
  const read = (pattern: string) => {
    const lines = gunzipSync(readFileSync(`${folder}/HRV256_${pattern}.txt.gz`))
      .toString()
      .trim()
      .split('\n');
    const rows = lines.map((line) => line.split(',').map(Number));
    return { rrMs: rows.map((row) => row[1]! * 1000), endsMs: rows.map((row) => row[0]! * 1000) };
  };
  /** Profile, method, and how far off a splined wave of 0.25 Hz may be: NeuroKit2's quadratic spline loses 2.1 % of it. */
  const ways: [number, number, number][] = [
    [MAIBO, OWN, 0.02],
    [NEUROKIT, OWN, 0.022],
    [KUBIOS, OWN, 0.02],
    [TASKFORCE, OWN, 0.02],
    [TASKFORCE, WELCH, 0.02],
    [KUBIOS, LOMB, 0.02],
  ];
  it.each(ways)(
    'TP2: HF 612.5, TP3: LF 2450, TP5: LF and HF 0 ms2 (profile %i, method %i)',
    (profile, method, share) => {
      const [fast, slow, still] = ['TP2', 'TP3', 'TP5'].map((pattern) => {
        const { rrMs, endsMs } = read(pattern);
        return spectrumOf(wasm, rrMs, profile, { method, endsMs }).value;
      });
      expect(Math.abs(fast!.HF / 612.5 - 1)).toBeLessThan(share);
      expect(Math.abs(slow!.LF / 2450 - 1)).toBeLessThan(share);
      // Its power lies below 0.003 Hz, 9,850 ms2 of it; what Lomb's sidelobes carry upwards stays below a thousandth.
      expect(still!.LF).toBeLessThan(10);
      expect(still!.HF).toBeLessThan(10);
    },
  );
});
