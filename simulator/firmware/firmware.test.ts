// The whole wearable in C, on an emulated Cortex-M4F, against the commands and the gateway that everybody uses (npm test builds them first).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openStoreFile, readRecord, verifyStore } from '@maibo/sdk';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPty } from '../device/pty.ts';
import { type GatewayProcess, isStarted, startGateway, until } from '../gateway/gateway-process.testkit.ts';
import { useFolder } from '../lab/lab-process.testkit.ts';
import { Board, buildFirmware, missingPrograms, pair, verify } from './firmware.testkit.ts';
import { HostileLine } from './hostile-line.testkit.ts';

const missing = missingPrograms();
const isSkipped = missing.length > 0 || openPty() === null;
const why = isSkipped ? ` (skipped: no ${[...missing, ...(missing.length > 0 ? [] : ['pty'])].join(', ')})` : '';

const root = useFolder('firmware');
const BUILD_MS = 300_000;
const TIMEOUT_MS = 180_000;
const LOG_COUNT = 3;

const boards: Board[] = [];
const gateways: GatewayProcess[] = [];
const lines: HostileLine[] = [];

let elf = '';
let scenes = 0;

function makeScene() {
  const folder = join(root, `${scenes++}`);
  mkdirSync(folder);
  const board = new Board(folder, elf);
  boards.push(board);
  const data = join(folder, 'data');
  return { folder, board, data, store: join(data, 'store.sqlite') };
}

async function collect(folder: string, path: string, block: string): Promise<GatewayProcess> {
  const toml = `[gateway]\ndata = "data"\nname = "ward"\n[log]\nlevel = "debug"\n[[serial]]\npath = "${path}"\n${block}`;
  const gateway = startGateway(folder, toml);
  gateways.push(gateway);
  expect(await isStarted(gateway), gateway.errors()).toBe(true);
  return gateway;
}

/** Numbers of the items of each log, in the order of their records; its gaps; and what a check of everything finds. */
function contentOf(path: string) {
  const file = openStoreFile(path, { readOnly: true });
  try {
    const records = file.store
      .streams()
      .toSorted((a, b) => a.log - b.log)
      .map(({ id }) => [...file.store.records(id)].map(({ bytes }) => readRecord(bytes).record));
    return {
      items: records.map((log) => log.flatMap((record) => (record.kind === 'item' ? [record.itemSeq] : []))),
      gaps: records.flat().filter(({ kind }) => kind === 'gap').length,
      checkpoints: records.flat().flatMap((record) => (record.kind === 'checkpoint' ? [record.agrees] : [])),
      problems: verifyStore(file.store).problems,
    };
  } finally {
    file.close();
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Everything in order, nothing twice, no hole: and no less than the device was told to be safe. */
async function expectWhole(board: Board, store: string): Promise<void> {
  const logs = await board.logs();
  expect(await board.status()).toMatch(/flash: failed 0, torn \d+, damaged 0, skipped 0/);
  const { items, gaps } = contentOf(store);
  expect(items).toEqual(items.map(({ length }) => upTo(length)));
  expect(gaps).toBe(0);
  for (const [index, { ackedPast }] of logs.entries()) {
    expect(items[index]?.length ?? 0).toBeGreaterThanOrEqual(ackedPast);
  }
}

/** Until the device was told that `count` more seconds of ECG are safe. */
async function acknowledged(board: Board, count: number): Promise<boolean> {
  const from = (await board.logs())[0]!.ackedPast;
  return until(async () => (await board.logs())[0]!.ackedPast >= from + count, 400);
}

async function stop(gateway: GatewayProcess): Promise<void> {
  gateway.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
}

beforeAll(() => {
  if (!isSkipped) elf = buildFirmware(join(root, 'build'));
}, BUILD_MS);

afterEach(async () => {
  for (const gateway of gateways.splice(0)) {
    gateway.kill('SIGKILL');
    await gateway.ended;
  }
  for (const line of lines.splice(0)) await line.close();
  for (const board of boards.splice(0)) await board.cut();
});

describe.skipIf(isSkipped)(`the wearable in C${why}`, { timeout: TIMEOUT_MS }, () => {
  it('pairs by six digits, is collected, loses its power and goes on where it was acknowledged', async () => {
    const { folder, board, data, store } = makeScene();
    await board.power();
    await board.hear(/start 1, reset 0/);
    const block = await pair(board, data);
    expect(block).toMatch(/^\[\[device\]\]\nkey = "[0-9a-f]{64}"\nname = "bed-1"\nbearer = "serial"\n$/);
    const gateway = await collect(folder, board.portPath, block);
    expect(await acknowledged(board, 5), JSON.stringify(gateway.lines())).toBe(true);
    const [ecg] = await board.logs();
    await board.cut();
    expect(await until(async () => (await gateway.metric('maibo_sessions')) === 0)).toBe(true);
    await board.power();
    await board.hear(/start 2, reset 0/);
    expect((await board.logs())[0]!.ackedPast).toBeGreaterThanOrEqual(ecg!.ackedPast);
    expect(await acknowledged(board, 5), JSON.stringify(gateway.lines())).toBe(true);
    await expectWhole(board, store);
    await stop(gateway);
    const { items, checkpoints, problems } = contentOf(store);
    expect(problems).toEqual([]);
    expect(items).toHaveLength(LOG_COUNT);
    expect(checkpoints.length).toBeGreaterThan(0);
    expect(checkpoints).not.toContain(false);
    expect(verify(store)).toMatchObject({ status: 0 });
    expect(board.complaints).not.toMatch(/cannot go on/);
  });
});

describe.skipIf(isSkipped)(`a line that drops, doubles and flips${why}`, { timeout: TIMEOUT_MS }, () => {
  it.each([20_261_122, 147])('brings everything all the same, in order (seed %i)', async (seed) => {
    const { folder, board, data, store } = makeScene();
    const line = await HostileLine.open(await board.power(), join(folder, 'ports', 'hostile'), seed);
    lines.push(line);
    const block = await pair(board, data, line.path);
    const gateway = await collect(folder, line.path, block);
    expect(await acknowledged(board, 10), JSON.stringify(gateway.lines())).toBe(true);
    await expectWhole(board, store);
    const status = await board.status();
    await stop(gateway);
    await line.close();
    const { drop, flip, duplicate } = line.counts;
    console.log(`seed ${seed}: ${drop} pieces dropped, ${flip} flipped, ${duplicate} doubled\n${status}`);
    expect(Math.min(drop, flip, duplicate)).toBeGreaterThan(0);
    expect(contentOf(store).problems).toEqual([]);
    expect(verify(store)).toMatchObject({ status: 0 });
  });
});
