// Minutes of a wearable's life in seconds, under the sanitizers: lines that harm, power that goes in the middle of writing, hosts that die.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { useFolder } from '../lab/lab-process.testkit.ts';
import { DeskWorld, orderOf } from './desk-world.testkit.ts';

const BUILD = fileURLToPath(new URL('../../firmware-wasm/wearable/build.mjs', import.meta.url));
const hasGcc = spawnSync('gcc', ['--version']).status === 0;
if (!hasGcc && process.env.MAIBO_REQUIRE_ALL === '1') throw new Error('there is no gcc');

const root = useFolder('desk');
const TIMEOUT_MS = 300_000;
const REASON_WRAPPED = 1;
let program = '';

beforeAll(() => {
  if (!hasGcc) return;
  const folder = join(root, 'build');
  const done = spawnSync(process.execPath, [BUILD, '--target', 'desk', '--out', folder], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the wearable does not build: ${done.stderr}`);
  program = join(folder, 'wearable');
}, TIMEOUT_MS);

async function withWorld(
  options: { seed: number; harm: number; cutMax: number; lies?: number },
  live: (world: DeskWorld) => Promise<void>,
) {
  mkdirSync(root, { recursive: true });
  const world = new DeskWorld({ ...options, program, folder: root });
  try {
    await live(world);
  } finally {
    await world.close();
  }
}

/** Everything that the device has is at the host, in order. */
async function expectEverything(world: DeskWorld): Promise<void> {
  await world.endStorm();
  await world.run(20);
  expect(world.wrongs).toEqual([]);
  for (const [number, { items, lost, position }] of world.kept) {
    const { head } = await world.logOf(number);
    expect(position.next).toBeGreaterThan(head - 3); // what was written in the last moments is on its way
    expect(items.length + lost).toBe(position.next);
    expect(orderOf(items)).toEqual([]);
  }
}

describe.skipIf(!hasGcc)(
  `the wearable in C on a desk${hasGcc ? '' : ' (skipped: no gcc)'}`,
  { timeout: TIMEOUT_MS },
  () => {
    it('pairs, and brings three logs with signed checkpoints', async () => {
      await withWorld({ seed: 1, harm: 0, cutMax: 0 }, async (world) => {
        await world.pair();
        await world.run(330);
        expect(world.wrongs).toEqual([]);
        expect([...world.kept.keys()].toSorted()).toEqual([1, 2, 3]);
        expect(world.kept.get(1)!.items.length).toBeGreaterThan(320);
        expect(world.checkpoints).toBeGreaterThan(1); // at an end, and at the 256th item
        expect([...world.kept.values()].map(({ lost }) => lost)).toEqual([0, 0, 0]);
        for (const { items } of world.kept.values()) expect(orderOf(items)).toEqual([]);
      });
    });

    it('ends a session with bye when it is a day old, and has another', async () => {
      await withWorld({ seed: 8, harm: 0, cutMax: 0 }, async (world) => {
        await world.pair();
        await world.leap(23 * 3_600);
        expect(world.sessions).toBe(1);
        await world.leap(3_600 + 60);
        await world.run(10);
        expect(world.sessions).toBe(2);
        expect(world.wrongs).toEqual([]);
      });
    });

    it('names what it had to overwrite while no host came', async () => {
      await withWorld({ seed: 10, harm: 0, cutMax: 0 }, async (world) => {
        await world.leap(1_800, 1_000);
        await world.pair();
        await world.run(60);
        await expectEverything(world);
        expect(world.kept.get(1)!.lost).toBeGreaterThan(100);
        expect([...world.reasons]).toEqual([REASON_WRAPPED]);
      });
    });

    it.each([2, 3])('brings everything over a line that drops, doubles and flips (seed %i)', async (seed) => {
      await withWorld({ seed, harm: 0.01, cutMax: 0 }, async (world) => {
        await world.pair();
        await world.run(120);
        expect(world.harmed).toBeGreaterThan(50);
        await expectEverything(world);
        expect([...world.kept.values()].map(({ lost }) => lost)).toEqual([0, 0, 0]);
      });
    });

    it.each([4, 5, 6, 7])('loses its power while it writes, and nothing else (seed %i)', async (seed) => {
      await withWorld({ seed, harm: 0.002, cutMax: 200 }, async (world) => {
        await world.pair();
        await world.beginStorm();
        await world.run(200);
        expect(world.cuts).toBeGreaterThan(3);
        await expectEverything(world);
        const lost = [...world.kept.values()].map((kept) => kept.lost);
        console.log(
          `seed ${seed}: ${world.cuts} cuts, ${world.forgotten} hosts died, ${world.harmed} pieces harmed, ${lost} items lost`,
        );
      });
    });

    it('is found out when its flash says that things are written which are not', async () => {
      await withWorld({ seed: 9, harm: 0, cutMax: 200, lies: 40 }, async (world) => {
        await world.pair();
        await world.run(30);
        await world.beginStorm();
        await world.run(200);
        expect(world.wrongs.length, `after ${world.cuts} cuts`).toBeGreaterThan(0);
        expect(world.wrongs[0]).toMatch(/failure 5|two stories|another epoch/);
      });
    });
  },
);
