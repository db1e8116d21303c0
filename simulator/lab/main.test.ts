// The whole lab, killed and interrupted at moments drawn from a seed, and started again until it is done.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecord, type EvidenceRecord, openCose } from '@maibo/protocols';
import { openStoreFile, type Store, toHex, verifyStore } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { createRng } from '../world/rng.ts';
import { eventually, processesOf, sleep, startLab, useFolder } from './lab-process.testkit.ts';

const folder = useFolder('lab');

function withStore<T>(out: string, work: (store: Store) => T): T {
  const file = openStoreFile(join(out, 'store.sqlite'), { readOnly: true });
  try {
    return work(file.store);
  } finally {
    file.close();
  }
}

function recordsOf(store: Store): EvidenceRecord[] {
  const stream = store.streams()[0];
  if (stream === undefined) return [];
  return [...store.records(stream.id)].map(({ bytes }) => {
    const sealed = openCose(bytes);
    const record = sealed.ok ? decodeRecord(sealed.value.payload) : sealed;
    if (!record.ok) throw new Error(record.fault.detail);
    return record.value;
  });
}

function blockNumbers(out: string): number[] {
  // Killed before the tables were there, the file is missing or empty.
  const path = join(out, 'store.sqlite');
  if (!existsSync(path) || (statSync(path).size === 0 && !existsSync(`${path}-wal`))) return [];
  return withStore(out, (store) =>
    recordsOf(store).flatMap((record) => (record.kind === 'item' ? [record.itemSeq] : [])),
  );
}

/** Up to where the device believes its log is safe with the host. */
function freedBlocks(out: string): number {
  const states = existsSync(join(out, 'device'))
    ? readdirSync(join(out, 'device')).filter((name) => name.endsWith('.json'))
    : [];
  return Math.max(
    0,
    ...states.map(
      (name) => (JSON.parse(readFileSync(join(out, 'device', name), 'utf8')) as { firstBlock: number }).firstBlock,
    ),
  );
}

/** Results without what depends on how often the lab was started: each start marks the clock anew, so UTC is counted from there. */
function resultsOf(out: string): unknown[] {
  return withStore(out, (store) =>
    recordsOf(store).flatMap((record) => {
      if (record.kind !== 'result') return [];
      const { result, method, quality, values, time } = record;
      return [{ result, method, quality, values, fromTicks: time.fromTicks, toTicks: time.toTicks }];
    }),
  );
}

/** Results without the modules that made them. */
function findingsOf(out: string): unknown[] {
  return (resultsOf(out) as { method: object }[]).map(({ method, ...found }) => ({
    ...found,
    method: { ...method, cores: [] },
  }));
}

/** What the device's log takes in the store. */
function itemBytes(out: string): number {
  return withStore(out, (store) =>
    recordsOf(store).reduce((sum, record) => sum + (record.kind === 'item' ? record.item.length : 0), 0),
  );
}

function expectWhole(out: string, blockCount: number): void {
  expect(blockNumbers(out)).toEqual(Array.from({ length: blockCount }, (_, seq) => seq));
  withStore(out, (store) => {
    expect(verifyStore(store).problems).toEqual([]);
    const [stream] = store.streams();
    const own = store.segments(stream!.id);
    expect(stream?.ended).toBe(true);
    expect(own.every((segment) => segment.receipt !== null)).toBe(true);
    const kept = readdirSync(join(out, 'platform', 'segments')).filter((name) => name.endsWith('.segment'));
    expect(kept.sort()).toEqual(own.map((segment) => `${toHex(segment.hash)}.segment`).sort());
  });
}

const BLOCKS = Math.ceil((120 * 250) / 256);
const ARGS = ['--duration', '120', '--seed', '4'];

describe('the lab', () => {
  it('gives the same store and report, byte for byte, for the same seed', async () => {
    const outs = ['same-a', 'same-b'].map((name) => join(folder, name, 'run'));
    for (const out of outs) expect(await startLab(folder, [...ARGS, '--out', out]).ended).toBe(0);
    const [a, b] = outs.map((out) =>
      withStore(out, (store) => {
        const id = store.streams()[0]!.id;
        return {
          records: [...store.records(id)].map((record) => toHex(record.hash)),
          segments: store.segments(id).map((segment) => [toHex(segment.hash), toHex(segment.receipt!)]),
          report: readFileSync(join(out, 'report.html'), 'utf8'),
        };
      }),
    );
    expect(b).toEqual(a);
    expectWhole(outs[0]!, BLOCKS);
  }, 60_000);

  it('finds the same in samples that the device coded and in plain ones', async () => {
    const [coded, plain] = [join(folder, 'same-a', 'run'), join(folder, 'plain')];
    expect(await startLab(folder, [...ARGS, '--coding', 'raw', '--out', plain]).ended).toBe(0);
    expectWhole(plain, BLOCKS);
    expect(findingsOf(coded)).toEqual(findingsOf(plain));
    expect(itemBytes(coded)).toBeLessThan(0.5 * itemBytes(plain));
  }, 60_000);

  it('killed at any moment loses nothing that was acknowledged, and ends whole when started again', async () => {
    const seed = 1;
    const chance = createRng(seed);
    const out = join(folder, 'killed');
    const args = [...ARGS, '--out', out];
    let held = 0;
    for (let round = 0; round < 12; round++) {
      // Slow enough that it never gets through before it is killed.
      const lab = startLab(folder, [...args, '--speed', '20']);
      // The first starts are killed early, while files are made; later ones anywhere in the run.
      await sleep(50 + chance.nextBelow(round < 4 ? 500 : 1_300));
      lab.child.kill('SIGKILL');
      await lab.ended;
      const where = `seed ${seed}, round ${round}`;
      expect(await eventually(() => processesOf(out).length === 0), `${where}: the helpers go by themselves`).toBe(
        true,
      );
      const blocks = blockNumbers(out);
      expect(blocks, where).toEqual(blocks.map((_, seq) => seq));
      expect(blocks.length, `${where}: what was stored stays`).toBeGreaterThanOrEqual(held);
      expect(freedBlocks(out), `${where}: nothing acknowledged is missing`).toBeLessThanOrEqual(blocks.length);
      held = blocks.length;
    }
    expect(await startLab(folder, args).ended).toBe(0);
    expectWhole(out, BLOCKS);
    expect(resultsOf(out)).toEqual(resultsOf(join(folder, 'same-a', 'run')));
    const before = withStore(out, (store) => recordsOf(store).length);
    const again = startLab(folder, args);
    expect(await again.ended).toBe(0);
    expect(again.text()).toContain('nothing new');
    expect(withStore(out, (store) => recordsOf(store).length)).toBe(before);
  }, 90_000);

  it('ends with 130 when it is interrupted, leaves no process behind, and continues', async () => {
    const out = join(folder, 'interrupted');
    const args = [...ARGS, '--out', out];
    // At this speed the run takes far longer than the test waits.
    const slow = startLab(folder, [...args, '--speed', '20']);
    expect(await eventually(() => blockNumbersOrNone(out) > 0, 200), 'blocks arrive').toBe(true);
    slow.child.kill('SIGINT');
    expect(await slow.ended, slow.text()).toBe(130);
    expect(processesOf(out)).toEqual([]);
    const before = blockNumbers(out).length;
    expect(before).toBeLessThan(BLOCKS);
    expect(freedBlocks(out)).toBeLessThanOrEqual(before);
    const rest = startLab(folder, args);
    expect(await rest.ended, rest.text()).toBe(0);
    expect(rest.text()).toContain(`behind the ${before} that were here`);
    expectWhole(out, BLOCKS);
  }, 60_000);

  it('refuses a second writer on the same store', async () => {
    const out = join(folder, 'busy');
    // Half a minute: the second has come by then, also on a machine that is busy.
    const first = startLab(folder, [...ARGS, '--out', out, '--speed', '4']);
    expect(await eventually(() => blockNumbersOrNone(out) > 0, 200)).toBe(true);
    const second = startLab(folder, [...ARGS, '--out', out]);
    expect(await second.ended).toBe(1);
    expect(second.text()).toContain('another process writes to this store');
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
  }, 60_000);
});

function blockNumbersOrNone(out: string): number {
  try {
    return blockNumbers(out).length;
  } catch {
    return 0; // the store is being made
  }
}

describe('the command line of the lab', () => {
  it('shows its help and ends with 0', async () => {
    const lab = startLab(folder, ['--help']);
    expect(await lab.ended).toBe(0);
    expect(lab.text()).toContain('--input');
  });

  it('ends with 2 after a mistake, and makes no folder', async () => {
    const out = join(folder, 'never');
    const empty = join(folder, 'empty.csv');
    writeFileSync(empty, '');
    const mistakes = [
      ['--input', join(folder, 'missing.csv')],
      ['--input', empty],
      ['--speed', '0'],
      ['--duration', '-5'],
      ['--seed', 'x'],
      ['--link', 'smoke'],
      ['--what'],
      ['excess'],
    ];
    for (const mistake of mistakes) {
      const lab = startLab(folder, [...mistake, '--out', out]);
      expect(await lab.ended, `${mistake.join(' ')}: ${lab.text()}`).toBe(2);
      expect(lab.text(), mistake.join(' ')).not.toContain('    at ');
    }
    expect(existsSync(out)).toBe(false);
  }, 60_000);

  it('plays a column of RR intervals in memory as well as over a serial port', async () => {
    const input = join(folder, 'rr.txt');
    const intervals = Array.from({ length: 200 }, (_, index) => 800 + (index % 9) * 7);
    writeFileSync(input, `${intervals.join('\n')}\n`);
    const heads = [];
    for (const link of ['memory', 'auto']) {
      const out = join(folder, `rr-${link}`);
      const lab = startLab(folder, ['--input', input, '--link', link, '--out', out]);
      expect(await lab.ended, lab.text()).toBe(0);
      heads.push(
        withStore(out, (store) => {
          expect(verifyStore(store).problems).toEqual([]);
          return store.streams()[0]!.chain.hash;
        }),
      );
    }
    expect(heads[1]).toEqual(heads[0]);
  }, 60_000);
});
