// The gateway as a process, with cores of another maker: what is refused, what runs, and that nothing of them is left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { coreCatalog } from '@maibo/cores';
import { afterEach, describe, expect, it } from 'vitest';
import { makeModule, OP } from '../engine/hostile-modules.testkit.ts';
import { madePackage, makerKey } from '../engine/made-package.testkit.ts';
import { NEEDS_WASMTIME, skipsWasmtime, wasmtimePython } from '../engine/wasmtime.testkit.ts';
import { toHex } from '../evidence/record-types.ts';
import { coresConfig, openCores } from '../gateway/foreign-cores.testkit.ts';
import { eventually } from '../gateway/made-gateway.testkit.ts';
import { fill, gatewayKey, useFolder } from '../gateway/made-store.testkit.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { maibo } from './run-maibo.testkit.ts';

const path = useFolder('gateway-cores');
const MAIBO = fileURLToPath(new URL('../bin/maibo.js', import.meta.url));
writeFileSync(path('good.mcore'), madePackage());
writeFileSync(path('loops.mcore'), madePackage(makeModule({ bodies: { init: OP.loopForever } }), { name: 'loops' }));
writeFileSync(path('none.mcore'), 'no package');

function configOf(engine: string, trusted = toHex(makerKey.publicKey)): string {
  const folder = path(`data-${engine}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const core = (name: string) => `[[core]]\npackage = "${name}.mcore"\nengine = "${engine}"\n`;
  const cores = `[cores]\ntrustedKeys = ["${trusted}"]\npython = "${wasmtimePython}"\n`;
  const file = path(`${engine}-${trusted.slice(0, 4)}.toml`);
  const text = `[gateway]\ndata = "${folder}"\n[http]\nlisten = "127.0.0.1:0"\n[bluetooth]\nenabled = false\n${cores}`;
  writeFileSync(file, `${text}${['good', 'loops', 'none', 'missing'].map(core).join('')}`);
  return file;
}

let child: ChildProcess | null = null;
afterEach(() => void child?.kill('SIGKILL'));

interface Line {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Everything that the process says until it says this, and the process. */
async function runUntil(config: string, message: string): Promise<Line[]> {
  const lines: Line[] = [];
  let rest = '';
  child = spawn(process.execPath, [MAIBO, 'gateway', '--config', config], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Line));
  });
  expect(await eventually(() => lines.some(({ msg }) => msg === message))).toBe(true);
  return lines;
}

/** Processes that any thread of this one started. */
function childrenOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  const listed = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'));
  return listed
    .join(' ')
    .split(' ')
    .map(Number)
    .filter((one) => one > 0);
}

for (const [engine, skips, note] of [
  ['v8', false, ''],
  ['wasmtime', skipsWasmtime, NEEDS_WASMTIME],
] as const) {
  describe.skipIf(skips)(`maibo gateway with cores on ${engine}${note}`, { timeout: 120_000 }, () => {
    it('names what it does not run and why, runs the rest, and leaves nothing behind', async () => {
      const lines = await runUntil(configOf(engine), 'gateway started');
      const said = lines.filter(({ msg }) => msg === 'a core is not run' || msg === 'a core is ready');
      expect(said).toMatchObject([
        { msg: 'a core is ready', core: 'maker-beats', engine, allowedBy: 'signer' },
        { msg: 'a core is not run', core: 'loops', code: 'core-stopped', why: expect.stringMatching(/init/) },
        { msg: 'a core is not run', code: 'core-refused', why: expect.stringMatching(/no core package/) },
        { msg: 'a core is not run', code: 'input-missing', why: expect.stringMatching(/missing\.mcore/) },
      ]);
      const { url } = lines.find(({ msg }) => msg === 'gateway started') as unknown as { url: string };
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain(
        `maibo_foreign_cores{core="maker-beats",version="1.2.3",engine="${engine}",state="running"} 1`,
      );
      expect(metrics).toContain(
        `maibo_foreign_cores{core="loops",version="1.2.3",engine="${engine}",state="refused"} 1`,
      );
      const processes = childrenOf(child!.pid!);
      expect(processes).toHaveLength(engine === 'wasmtime' ? 1 : 0);
      child!.kill('SIGTERM');
      const code = await new Promise((resolve) => child!.once('exit', resolve));
      expect(code).toBe(0);
      expect(await eventually(() => processes.every((pid) => !existsSync(`/proc/${pid}`)))).toBe(true);
    });

    it('says the same before it starts: --check', async () => {
      const { code, out } = await maibo('gateway', '--check', '--config', configOf(engine, 'cd'.repeat(32)));
      expect(code).toBe(0);
      expect(out).toMatch(/core {7}.*good\.mcore on/);
      expect(out).toMatch(/warning {4}core maker-beats 1\.2\.3 is not run: .*nobody allowed its signer/);
      const trusting = await maibo('gateway', '--check', '--config', configOf(engine));
      expect(trusting.out).toMatch(/core {7}maker-beats 1\.2\.3 starts, allowed by its signer/);
    });
  });
}

describe('maibo verify', () => {
  it('runs a core of another maker again when its package is given, and says so when it is not', async () => {
    const file = path('store.sqlite');
    const store = Store.openForWriting(openSqlite(file));
    const { cores } = openCores(coresConfig(['maker-beats'], 'v8'));
    await fill(store, ecgBlocks(makeEcg(30).counts), { cores });
    store.close();
    cores.close();
    const core = ['--core', path('good.mcore')];
    expect((await maibo('verify', file)).out).toMatch(/core maker-beats 1\.2\.3 .*: \d+ results not run again; --core/);
    const same = /core maker-beats 1\.2\.3 \([0-9a-f]{16}\): (\d+) of \1 results came out the same again/;
    const checked = await maibo('verify', file, ...core);
    expect([checked.code, checked.out]).toEqual([0, expect.stringMatching(same)]);
    await maibo('store', 'export', file, '--out', path('export'));
    const trust = ['--trust', toHex(gatewayKey.publicKey)];
    expect((await maibo('verify', path('export'), ...trust, ...core)).out).toMatch(same);
    const json = JSON.parse((await maibo('verify', file, '--json', ...core)).out);
    expect(json.streams[0].guests).toMatchObject([{ name: 'maker-beats', version: '1.2.3' }]);
  });

  it('refuses a package that is none', async () => {
    writeFileSync(path('some.wasm'), coreCatalog.get('ecg').bytes);
    const said = await maibo('verify', path('nothing'), '--core', path('some.wasm'));
    expect([said.code, said.err]).toEqual([2, expect.stringContaining('no core package')]);
  });
});
