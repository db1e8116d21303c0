// `maibo gateway` as a process of its own (npm test builds first), against virtual wearables on kernel ptys.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createLabLinkKey,
  loadOrCreateKey,
  loadOrCreateLinkKey,
  openStoreFile,
  readRecord,
  systemEntropy,
  toHex,
  verifyStore,
} from '@maibo/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { openPty } from '../device/pty.ts';
import { useFolder } from '../lab/lab-process.testkit.ts';
import { type GatewayProcess, isStarted, startGateway, until } from './gateway-process.testkit.ts';
import { startPlatform } from './platform-process.testkit.ts';
import { WiredWearable } from './wired-wearable.testkit.ts';

const root = useFolder('gateway-process');
const hasPty = openPty() !== null;
if (!hasPty && process.env.MAIBO_REQUIRE_ALL === '1') throw new Error('no pty here');
const hasPrlimit = spawnSync('prlimit', ['--version'], { stdio: 'ignore' }).status === 0;

/** Real processes on a machine that may be busy with other tests. */
const TIMEOUT_MS = 180_000;
const hasSqlite = spawnSync('python3', ['-c', 'import sqlite3'], { stdio: 'ignore' }).status === 0;
/** Holds the store as its only writer until it is told to let go. */
const LOCK = `
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute('BEGIN IMMEDIATE')
print('held', flush=True)
sys.stdin.readline()
store.execute('ROLLBACK')
`;

const open: { gateways: GatewayProcess[]; wearables: WiredWearable[] } = { gateways: [], wearables: [] };
afterEach(async () => {
  for (const gateway of open.gateways.splice(0)) {
    gateway.kill('SIGKILL');
    await gateway.ended;
  }
  for (const wearable of open.wearables.splice(0)) await wearable.unplug();
});

let scenes = 0;

/** A folder with keys, wearables plugged in, and a configuration that allows them. */
function scene(
  options: { wearables?: number; durationS?: number; speed?: number; host?: Uint8Array; isPlugged?: boolean } = {},
) {
  const folder = join(root, String(scenes++));
  mkdirSync(folder);
  const data = join(folder, 'data');
  const { publicKey } = loadOrCreateLinkKey(join(data, 'gateway-link.key'), systemEntropy);
  const wearables = Array.from({ length: options.wearables ?? 1 }, (_, index) => {
    const wearable = new WiredWearable({
      seed: scenes * 10 + index,
      durationS: options.durationS ?? 120,
      path: join(folder, 'ports', `port-${index}`),
      hosts: [options.host ?? publicKey],
      ...(options.speed !== undefined && { speed: options.speed }),
    });
    open.wearables.push(wearable);
    if (options.isPlugged !== false) wearable.plugIn();
    return wearable;
  });
  const ports = wearables.map((_, index) => `[[serial]]\npath = "${join(folder, 'ports', `port-${index}`)}"\n`);
  const devices = wearables.map((one, index) => `[[device]]\nkey = "${toHex(one.publicKey)}"\nname = "bed-${index}"\n`);
  const toml = `[gateway]\ndata = "data"\nname = "test"\n[log]\nlevel = "debug"\n${ports.join('')}${devices.join('')}`;
  const start = (more = '', environment = {}) => {
    const gateway = startGateway(folder, toml + more, environment);
    open.gateways.push(gateway);
    return gateway;
  };
  return { folder, data, store: join(data, 'store.sqlite'), wearables, start };
}

/** Items of each stream, in the order of their records; and what a check of the whole store finds. */
function contentOf(path: string) {
  const file = openStoreFile(path, { readOnly: true });
  try {
    const items = file.store.streams().map(({ id }) =>
      [...file.store.records(id)].flatMap(({ bytes }) => {
        const { record } = readRecord(bytes);
        return record.kind === 'item' ? [record.itemSeq] : [];
      }),
    );
    const unconfirmed = [...file.store.unconfirmedCounts().values()];
    return { items, unconfirmed, problems: verifyStore(file.store).problems };
  } finally {
    file.close();
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const areDone = (wearables: readonly WiredWearable[]) => async () =>
  wearables.every(({ freedBlocks, blockCount }) => freedBlocks >= blockCount);
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe.skipIf(!hasPty)(`maibo gateway${hasPty ? '' : ' (no pty here)'}`, { timeout: TIMEOUT_MS }, () => {
  it('collects every wearable that is allowed, and ends with 0 on SIGTERM', async () => {
    const { folder, data, store, wearables, start } = scene({ wearables: 3 });
    const gateway = start();
    expect(await isStarted(gateway), gateway.errors()).toBe(true);
    expect(await until(areDone(wearables))).toBe(true);
    expect(await gateway.metric('maibo_acked_items_total')).toBe(
      wearables.reduce((sum, one) => sum + one.blockCount, 0),
    );
    expect(await gateway.metric('maibo_link_bad_frames_total')).toBe(0);
    expect(await gateway.metric('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(await gateway.metric('nodejs_eventloop_lag_p99_seconds')).not.toBeNull();
    expect(await gateway.get('/healthz')).toEqual({ status: 200, body: '{"status":"ok","reasons":[]}\n' });
    expect((await gateway.get('/readyz')).status).toBe(200);
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    expect(gateway.lines().at(-1)).toMatchObject({ msg: 'gateway stopped', isClean: true, gateway: 'test' });
    const { items, problems } = contentOf(store);
    expect(problems).toEqual([]);
    expect(items).toEqual(wearables.map(({ blockCount }) => upTo(blockCount)));
    expect(modeOf(data)).toBe('700');
    const modes = readdirSync(data).map((name) => [name, modeOf(join(data, name))]);
    expect(modes.filter(([, mode]) => mode !== '600')).toEqual([]);
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining(['gateway.key', 'gateway-link.key', 'pseudonyms.key', 'store.sqlite']),
    );
    expect(readdirSync(folder)).not.toContain('store.sqlite');
  });

  it('killed in the middle, again and again, loses nothing that it acknowledged and stores nothing twice', async () => {
    const { store, wearables, start } = scene({ wearables: 2, durationS: 1_200 });
    for (let kill = 0; kill < 4; kill++) {
      const before = wearables[0]!.freedBlocks;
      const gateway = start();
      await until(async () => wearables[0]!.freedBlocks > before + 60);
      gateway.kill('SIGKILL');
      expect(await gateway.ended).toBe('SIGKILL');
      const { items } = contentOf(store);
      expect(items.flat().length).toBeGreaterThan(0);
      for (const list of items) expect(list).toEqual(upTo(list.length));
      const stored = items.map(({ length }) => length).toSorted((a, b) => a - b);
      const acked = wearables.map(({ freedBlocks }) => freedBlocks).toSorted((a, b) => a - b);
      for (const [index, count] of acked.entries()) expect(stored[index] ?? 0).toBeGreaterThanOrEqual(count);
    }
    const gateway = start();
    expect(await until(areDone(wearables), 1_000)).toBe(true);
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    const { items, problems } = contentOf(store);
    expect(problems).toEqual([]);
    expect(items.map(({ length }) => length)).toEqual(wearables.map(({ blockCount }) => blockCount));
  });

  it('finds a device again that was unplugged in the middle, under the name of its port', async () => {
    const { store, wearables, start } = scene({ durationS: 200, speed: 40, isPlugged: false });
    const [wearable] = wearables;
    // Before the first pty: a process that is started later would hold its end too, and no unplugging would be one.
    const gateway = start();
    wearable!.plugIn();
    for (let pull = 0; pull < 3; pull++) {
      const before = wearable!.freedBlocks;
      expect(await until(async () => wearable!.freedBlocks > before + 10)).toBe(true);
      await wearable!.unplug();
      expect(
        await until(async () => (await gateway.metric('maibo_sessions')) === 0),
        JSON.stringify(gateway.lines()),
      ).toBe(true);
      wearable!.plugIn();
    }
    expect(await until(areDone(wearables), 600)).toBe(true);
    expect(await gateway.metric('maibo_reconnects_total')).toBeGreaterThanOrEqual(3);
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    expect(contentOf(store)).toMatchObject({ problems: [], items: [upTo(wearable!.blockCount)] });
  });

  it('stopped under load says goodbye, and the next start goes on', async () => {
    const { store, wearables, start } = scene({ durationS: 1_200 });
    const first = start();
    await until(async () => wearables[0]!.freedBlocks > 50);
    first.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.lines().at(-1)).toMatchObject({ isClean: true });
    const second = start();
    expect(await until(areDone(wearables), 600)).toBe(true);
    second.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(contentOf(store)).toMatchObject({ problems: [], items: [upTo(wearables[0]!.blockCount)] });
  });

  it('stores nothing of a device that does not know it, nor of one that it does not know', async () => {
    const foreign = scene({ host: createLabLinkKey('somebody else', 1).publicKey });
    const unknown = scene();
    const gateways = [foreign.start(), unknown.start()];
    expect(await isStarted(gateways[0]!)).toBe(true);
    // Of the second scene the one on the wire is taken off the list.
    gateways[1]!.kill('SIGKILL');
    await gateways[1]!.ended;
    const stranger = startGateway(
      unknown.folder,
      `[gateway]\ndata = "data-2"\n[[serial]]\npath = "${join(unknown.folder, 'ports', 'port-0')}"\n[[device]]\nkey = "${'ab'.repeat(32)}"\n`,
    );
    open.gateways.push(stranger);
    expect(await until(async () => (await stranger.metric('maibo_devices{state="refused"}')) === 1)).toBe(true);
    expect(
      await until(async () => ((await gateways[0]!.metric('maibo_failures_total{code="link-timeout"}')) ?? 0) > 0, 600),
    ).toBe(true);
    expect(contentOf(foreign.store).items).toEqual([]);
    expect(contentOf(join(unknown.folder, 'data-2', 'store.sqlite')).items).toEqual([]);
    expect(stranger.lines().find(({ msg }) => msg === 'device refused')).toMatchObject({
      level: 'warn',
      place: 'serial[0]',
    });
  });

  it('takes a second start on the same folder for what it is', async () => {
    const { start } = scene();
    const first = start();
    expect(await isStarted(first)).toBe(true);
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.errors()).toMatch(/^maibo: .*another process writes to this store \(wait for it or stop it\)\n$/);
    expect((await first.get('/healthz')).status).toBe(200);
  });

  it('waits while the platform is away, and sends everything when it is back', async () => {
    const { folder, data, store, wearables, start } = scene({ durationS: 300 });
    const trust = loadOrCreateKey(join(data, 'gateway.key'), systemEntropy).publicKey;
    const platform = await startPlatform(join(folder, 'platform'), trust);
    await platform.stop();
    const gateway = start(`[platform]\nurl = "${platform.url}"\npublicKey = "${platform.publicKey}"\n`);
    expect(await until(areDone(wearables))).toBe(true);
    expect(await until(async () => gateway.lines().some(({ code }) => code === 'platform-unreachable'))).toBe(true);
    expect(await gateway.metric('maibo_outbox_segments')).toBeGreaterThan(1);
    expect((await gateway.get('/healthz')).status).toBe(200); // for ten minutes that is no failure
    const again = await startPlatform(join(folder, 'platform'), trust, platform.port);
    expect(await until(async () => (await gateway.metric('maibo_outbox_segments')) === 0, 600)).toBe(true);
    expect(gateway.lines().some(({ msg }) => msg === 'the platform answers again')).toBe(true);
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    await again.stop();
    expect(contentOf(store)).toMatchObject({ problems: [], unconfirmed: [0] });
  });

  it.skipIf(!hasPrlimit)(
    `acknowledges nothing while the disk is full, and goes on when there is room${hasPrlimit ? '' : ' (no prlimit here)'}`,
    async () => {
      const { store, wearables, start } = scene({ durationS: 600 });
      const gateway = start();
      expect(await until(async () => wearables[0]!.freedBlocks > 30)).toBe(true);
      limitFiles(gateway.pid, '65536');
      expect(await until(async () => (await gateway.get('/healthz')).body.includes('store-failing'))).toBe(true);
      const acked = wearables[0]!.freedBlocks;
      expect(await gateway.metric('maibo_store_failing')).toBe(1);
      expect((await gateway.get('/readyz')).status).toBe(503);
      expect(gateway.lines().some(({ level, code }) => level === 'error' && code === 'store-full')).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(wearables[0]!.freedBlocks).toBe(acked);
      limitFiles(gateway.pid, 'unlimited');
      expect(await until(areDone(wearables), 1_000)).toBe(true);
      expect((await gateway.get('/healthz')).status).toBe(200);
      gateway.kill('SIGTERM');
      expect(await gateway.ended).toBe(0);
      expect(contentOf(store)).toMatchObject({ problems: [], items: [upTo(wearables[0]!.blockCount)] });
    },
  );
});

describe.skipIf(!hasPty || !hasSqlite)(
  `a store that a backup holds${hasSqlite ? '' : ' (no python3 with sqlite3 here)'}`,
  () => {
    it('is waited for: nothing is acknowledged meanwhile, and everything afterwards', async () => {
      const { store, wearables, start } = scene({ durationS: 600, speed: 60 });
      const gateway = start();
      expect(await until(async () => wearables[0]!.freedBlocks > 10)).toBe(true);
      const backup = spawn('python3', ['-c', LOCK, store], { stdio: ['pipe', 'pipe', 'ignore'] });
      await new Promise((resolve) => backup.stdout.once('data', resolve));
      const acked = wearables[0]!.freedBlocks;
      expect(await until(async () => (await gateway.get('/healthz')).body.includes('store-busy'), 600)).toBe(true);
      expect(wearables[0]!.freedBlocks).toBeLessThanOrEqual(acked + 64); // what was on its way as the lock fell
      backup.stdin.end('\n');
      expect(await until(areDone(wearables), 1_000)).toBe(true);
      expect((await gateway.get('/healthz')).status).toBe(200);
      gateway.kill('SIGTERM');
      expect(await gateway.ended).toBe(0);
      expect(contentOf(store)).toMatchObject({ problems: [], items: [upTo(wearables[0]!.blockCount)] });
    });
  },
);

describe('a configuration that is wrong', () => {
  const run = (text: string, ...more: string[]) => {
    const path = join(root, `wrong-${scenes++}.toml`);
    writeFileSync(path, text);
    const maibo = join(import.meta.dirname, '../../sdk/bin/maibo.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [maibo, 'gateway', '--config', path, ...more], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr: stderr.replaceAll(path, 'gateway.toml') };
  };

  it('ends with 2 and says every mistake with its line', () => {
    expect(run('[gateway]\nname = "x"\n[[serial]]\npath = "/dev/x"\nbaudRate = "fast"\n')).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'maibo: gateway.toml, line 1: gateway.data: missing: a folder for the store and the keys\n' +
        'gateway.toml, line 5: serial[0].baudRate: expected a whole number 300..4000000, got "fast"\n',
    });
  });

  it('is told by --check too, which else says what would be done, and does nothing', () => {
    expect(run('[gateway]\n', '--check').status).toBe(2);
    const right = run('[gateway]\ndata = "never-made"\n', '--check');
    expect(right).toMatchObject({ status: 0, stderr: '' });
    expect(right.stdout).toContain('warning    no device is allowed: nothing will be collected');
    expect(readdirSync(root)).not.toContain('never-made');
  });
});

function limitFiles(pid: number, bytes: string): void {
  const { status } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  if (status !== 0) throw new Error('prlimit failed');
}
