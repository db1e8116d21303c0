import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { coreCatalog } from '@maibo/cores';
import { describe, expect, it } from 'vitest';
import { makeModule, OP } from '../engine/hostile-modules.testkit.ts';
import { ECG_DRAFT, madePackage, makerKey } from '../engine/made-package.testkit.ts';
import { NEEDS_WASMTIME, skipsWasmtime, wasmtimePython } from '../engine/wasmtime.testkit.ts';
import { toHex } from '../evidence/record-types.ts';
import { useFolder } from '../gateway/made-store.testkit.ts';
import { expectRefusal, maibo } from './run-maibo.testkit.ts';

const path = useFolder('core');
const WASM = path('beats.wasm');
writeFileSync(WASM, coreCatalog.get('ecg').bytes);
const MANIFEST = path('manifest.json');
writeFileSync(MANIFEST, JSON.stringify(ECG_DRAFT));
const KEY = path('maker.key');
writeFileSync(KEY, `${'05'.repeat(32)}\n`, { mode: 0o600 });
const MADE = path('made.mcore');
writeFileSync(MADE, madePackage());
const TRUST = ['--trust', toHex(makerKey.publicKey)];

describe('maibo core', () => {
  it('packs a module, shows what the package says, and checks its core', async () => {
    const out = path('beats.mcore');
    const packed = await maibo('core', 'pack', WASM, '--manifest', MANIFEST, '--key', KEY, '--out', out);
    expect(packed.code, packed.err).toBe(0);
    const signer = /signer {2}([0-9a-f]{64})/.exec(packed.out)![1]!;
    const shown = await maibo('core', 'show', out);
    expect(shown.out).toContain('maker-beats 1.2.3, ABI 1, licence Apache-2.0');
    expect(JSON.parse((await maibo('core', 'show', out, '--json')).out)).toMatchObject({
      name: 'maker-beats',
      sha256: coreCatalog.get('ecg').sha256,
    });
    const checked = await maibo('core', 'check', out, '--trust', signer);
    expect(checked.code, checked.out).toBe(0);
    expect(checked.out).toMatch(/allowed by its signer[\s\S]*blocks of any size[\s\S]*OK /);
  });

  it('fails a package that nobody allowed, and lets through one whose module is', async () => {
    const refused = await maibo('core', 'check', MADE);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('nobody allowed its signer');
    const allowed = await maibo('core', 'check', MADE, '--allow', coreCatalog.get('ecg').sha256);
    expect(allowed.code, allowed.out).toBe(0);
    expect(allowed.out).toContain('allowed by its hash');
  });

  it.skipIf(skipsWasmtime)(`checks a core on wasmtime too, and says what it costs${NEEDS_WASMTIME}`, async () => {
    const engine = ['--engine', 'wasmtime', '--python', wasmtimePython];
    const checked = await maibo('core', 'check', MADE, ...TRUST, ...engine);
    expect(checked.code, checked.out + checked.err).toBe(0);
    expect(checked.out).toMatch(/cost {4}[\d.]+ ms on wasmtime, \d{5,} operations for a second at 500 Hz/);
    const here = await maibo('core', 'check', MADE, ...TRUST);
    expect(here.out).toMatch(/cost {4}[\d.]+ ms on v8 for a second at 500 Hz/);
  });

  it('says how to get the engine that is not there', async () => {
    const none = await maibo('core', 'check', MADE, ...TRUST, '--engine', 'wasmtime', '--python', path('no-python'));
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('pip install wasmtime')]);
  });

  it('fails a core that loops, by name', async () => {
    const file = path('loops.mcore');
    writeFileSync(file, madePackage(makeModule({ bodies: { push: OP.loopForever } })));
    const said = await maibo('core', 'check', file, ...TRUST);
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/FAILED .*maker-beats 1\.2\.3 .*push did not answer within 1 s/);
  });

  it('refuses files, manifests, keys and hashes that cannot be', async () => {
    const odd = path('odd.json');
    const pack = (...given: string[]) => maibo('core', 'pack', ...given, '--out', path('never.mcore'));
    writeFileSync(odd, 'no JSON');
    expectRefusal(await pack(WASM, '--manifest', odd, '--key', KEY), 'odd.json');
    writeFileSync(odd, JSON.stringify({ ...ECG_DRAFT, licence: 7 }));
    expectRefusal(await pack(WASM, '--manifest', odd, '--key', KEY), 'licence');
    writeFileSync(odd, '[1]');
    expectRefusal(await pack(WASM, '--manifest', odd, '--key', KEY), 'odd.json');
    expectRefusal(await pack(WASM, '--manifest', MANIFEST, '--key', path('none.key')), 'none.key');
    expectRefusal(await pack(path('none.wasm'), '--manifest', MANIFEST, '--key', KEY), 'none.wasm');
    expectRefusal(await pack(MANIFEST, '--manifest', MANIFEST, '--key', KEY), 'no WebAssembly module');
    expectRefusal(await maibo('core', 'show', WASM), 'beats.wasm');
    expectRefusal(await maibo('core', 'check', path('.')), 'no such file');
    expectRefusal(await maibo('core', 'check', MADE, '--trust', 'abc'), 'abc');
    expect([path('never.mcore'), path('none.key')].filter((file) => existsSync(file))).toEqual([]);
    expect(readFileSync(KEY, 'utf8')).toBe(`${'05'.repeat(32)}\n`);
  });
});
