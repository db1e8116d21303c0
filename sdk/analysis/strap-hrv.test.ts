// A strap's intervals through radio, store and cores give the HRV that the same intervals give as a file.
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { madeDevice, openStore, problemsOf, recordsOfKind, strapValue, visit } from '../gateway/made-clinic.testkit.ts';
import { useFolder } from '../gateway/made-store.testkit.ts';
import { createChance, pick } from '../pipeline/made-signals.testkit.ts';
import { analyzeFile } from './analyze.ts';

const path = useFolder('strap-hrv');

/** Breathing, a slow wave and chance around 870 ms, in the strap's own steps of 1/1024 s. */
function intervalsMs(count: number): number[] {
  const chance = createChance(3);
  return Array.from({ length: count }, (_, index) => {
    const ms = 870 + 35 * Math.sin(index * 1.4) + 25 * Math.sin(index * 0.45) + pick(chance, 20);
    return (Math.round((ms * 1024) / 1000) * 1000) / 1024;
  });
}

it('gives the HRV of the same intervals in a file', async () => {
  const rrMs = intervalsMs(400);
  const store = openStore(path('strap.sqlite'));
  const { peer, clock, done } = visit(store, madeDevice(['heart-rate']));
  await peer.listened(0x2a37);
  // Once a second the strap tells what beats there were.
  let [told, beatS] = [0, 0];
  for (let second = 1; second <= 330; second++) {
    const from = told;
    while (beatS + rrMs[told]! / 1000 <= second) beatS += rrMs[told++]! / 1000;
    peer.notify(0x2a37, strapValue(rrMs.slice(from, told)));
    await clock.advance(1_000);
  }
  peer.vanish();
  await clock.advance(1);
  await done;
  const window = recordsOfKind(store, 'result').find(({ result, values }) => result === 'hrv' && values.toS === 300)!;
  const count = Number(window.values.intervalCount);
  expect(count).toBeGreaterThan(330);
  expect(window.quality).toMatchObject({ flags: [], score: expect.closeTo(1, 1) });
  writeFileSync(
    path('strap.txt'),
    rrMs
      .slice(0, count)
      .map((ms) => ms.toFixed(4))
      .join('\n'),
  );
  const { hrv } = await analyzeFile(path('strap.txt'), { correct: true });
  let compared = 0;
  for (const [name, value] of Object.entries(window.values)) {
    const same = hrv[name];
    if (!name.startsWith('HRV_') || typeof value !== 'number' || typeof same !== 'number') continue;
    // The pipeline rounds each interval by half a microsecond, the file to a tenth.
    expect(Math.abs(value - same), name).toBeLessThan(1e-4 * Math.max(1, Math.abs(same)));
    compared++;
  }
  expect(compared).toBeGreaterThan(20);
  expect(problemsOf(store)).toEqual([]);
  store.close();
}, 30_000);
