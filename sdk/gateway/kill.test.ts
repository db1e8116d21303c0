// kill -9 of a writing process, again and again: what it acknowledged is in the store, nothing is there twice, and the chain holds.
// MAIBO_KILLS says how often; it prints how long the openings took then.
import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { readRecord } from '../evidence/open-record.ts';
import { toHex } from '../evidence/record-types.ts';
import { createChance, pick } from '../pipeline/made-signals.testkit.ts';
import type { Store } from '../store/store.ts';
import { openStoreFile } from '../world/node-store.ts';
import { useFolder } from './made-store.testkit.ts';

const path = useFolder('kill');
const WRITER = fileURLToPath(new URL('./kill-writer.mjs', import.meta.url));
const BUILT = fileURLToPath(new URL('../dist/gateway/group-committer.js', import.meta.url));
const KILLS = Number(process.env.MAIBO_KILLS ?? 20);
/** A store takes this many deaths, and is verified whole then. */
const KILLS_PER_STORE = 10;
const SEED = 77;

/** Starts a writer and kills it: so long after its start, or after it stood. Resolves when it is gone. */
function killAfter(ms: number, since: 'start' | 'open', files: readonly [string, string]): Promise<string | null> {
  const child = fork(WRITER, files, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  let timer: NodeJS.Timeout | null = null;
  const arm = () => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
  };
  if (since === 'start') arm();
  else child.once('message', arm);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (timer !== null) clearTimeout(timer);
      if (code !== null) reject(new Error(`the writer ended by itself with ${code}`));
      else resolve(signal);
    });
  });
}

interface Acknowledged {
  /** Highest item by log. */
  readonly upto: ReadonlyMap<number, number>;
  readonly openMs: readonly number[];
}

/** A line that was cut short was not said. */
function readAcks(file: string): Acknowledged {
  const upto = new Map<number, number>();
  const openMs: number[] = [];
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  for (const line of lines) {
    const [what, number] = line.split(' ');
    if (what === 'open') openMs.push(Number(number));
    else upto.set(Number(what), Math.max(upto.get(Number(what)) ?? -1, Number(number)));
  }
  return { upto, openMs };
}

/** Every item once and in order up to what was acknowledged at least, and each record chained to the one before it. */
function checkStreams(store: Store, { upto }: Acknowledged, from: Map<number, number>, about: string): void {
  const streams = store.streams();
  for (const [log, seq] of upto) {
    const stream = streams.find((one) => one.log === log)!;
    let [next, prev] = [0, ''];
    for (const { bytes, hash, seq: at } of store.records(stream.id)) {
      const { record } = readRecord(bytes);
      if (at > 0) expect(toHex(record.prev), `${about}: record ${at} of log ${log}`).toBe(prev);
      prev = toHex(hash);
      expect(toHex(sha256(bytes))).toBe(prev);
      if (record.kind === 'item') expect(record.itemSeq, `${about}: log ${log}`).toBe(next++);
    }
    expect(next, `${about}: items of log ${log}, ${seq} was acknowledged`).toBeGreaterThan(seq);
    expect(stream.nextBlock).toBe(next);
    expect(next).toBeGreaterThanOrEqual(from.get(log) ?? 0);
    from.set(log, next);
  }
}

const canRun = existsSync(BUILT) || process.env.MAIBO_REQUIRE_ALL === '1';

describe.skipIf(!canRun)('a writer that is killed', () => {
  it(`${KILLS} times at any moment has lost nothing that it acknowledged`, {
    timeout: 60_000 + KILLS * 6_000,
  }, async () => {
    const chance = createChance(SEED);
    const openMs: number[] = [];
    let acknowledged = 0;
    for (let kill = 0; kill < KILLS; ) {
      const name = `store-${kill}.sqlite`;
      const acks = path(`${name}.acks`);
      const from = new Map<number, number>();
      for (let death = 0; death < KILLS_PER_STORE && kill < KILLS; death++, kill++) {
        // Every fourth dies while it starts, the others under load.
        const since = pick(chance, 4) === 0 ? 'start' : 'open';
        const ms = pick(chance, since === 'start' ? 1_200 : 400);
        expect(await killAfter(ms, since, [path(name), acks])).toBe('SIGKILL');
        if (readAcks(acks).upto.size === 0) continue;
        const { store, close } = openStoreFile(path(name), { readOnly: true });
        checkStreams(store, readAcks(acks), from, `seed ${SEED}, kill ${kill}`);
        close();
      }
      const all = readAcks(acks);
      openMs.push(...all.openMs);
      acknowledged += [...all.upto.values()].reduce((sum, upto) => sum + upto + 1, 0);
      if (all.upto.size === 0) continue;
      const { store, close } = openStoreFile(path(name));
      expect(verifyStore(store).problems, `seed ${SEED}, up to kill ${kill}`).toEqual([]);
      close();
    }
    // Some die before they acknowledge anything; how many items the others take in their time depends on the machine.
    expect(acknowledged).toBeGreaterThan(KILLS);
    if (process.env.MAIBO_KILLS !== undefined) {
      const sorted = openMs.toSorted((a, b) => a - b);
      const [median, most] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
      process.stdout.write(`${KILLS} kills, ${acknowledged} items acknowledged, ${sorted.length} openings: `);
      process.stdout.write(`median ${median} ms, longest ${most} ms\n`);
    }
  });
});
