// A real recording (MIT-BIH Arrhythmia Database, record 100: 2273 annotated beats) through the command line.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeSharedData } from '../formats/shared-data.testkit.ts';

const BIN = fileURLToPath(new URL('../bin/maibo.js', import.meta.url));
const ANNOTATED_BEATS = 2273;

describeSharedData('maibo analyze on MIT-BIH 100', 'mitdb', (folder) => {
  it('lists within half a per cent of the annotated number of beats', async () => {
    const out = await new Promise<string>((resolve, reject) => {
      const options = { maxBuffer: 1 << 26 };
      execFile(process.execPath, [BIN, 'analyze', join(folder, '100'), '--json'], options, (failure, stdout) =>
        failure === null ? resolve(stdout) : reject(failure),
      );
    });
    const { beats, input } = JSON.parse(out) as { beats: { sample: number[] }; input: { rateHz: number } };
    expect(input.rateHz).toBe(360);
    expect(Math.abs(beats.sample.length - ANNOTATED_BEATS) / ANNOTATED_BEATS).toBeLessThan(0.005);
  });
});
