// The command line, in this process for breadth and as the built program for the exit codes that a shell sees.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeFrame, encodeMessage } from '@maibo/protocols';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toHex } from '../evidence/record-types.ts';
import { gatewayKey, makeStoreFile, meddle, useFolder } from '../gateway/made-store.testkit.ts';
import { makeEcg } from '../pipeline/made-signals.testkit.ts';
import { MAIBO_VERSION } from '../version.ts';
import { openStoreFile } from '../world/node-store.ts';
import { expectRefusal, maibo } from './run-maibo.testkit.ts';

const path = useFolder('cli');
const STORE = path('store.sqlite');
await makeStoreFile(STORE);
const RR = path('rr.txt');
const intervalsMs = Array.from({ length: 120 }, (_, index) => 800 + (index % 11) * 6);
writeFileSync(RR, `${intervalsMs.join('\n')}\n`);
const ECG = path('ecg.csv');
const ecg = makeEcg(60);
writeFileSync(ECG, `ecg\n${[...ecg.counts].join('\n')}\n`);

afterEach(() => vi.restoreAllMocks());

describe('maibo', () => {
  it('shows help on every level, and its version', async () => {
    for (const argv of [
      ['--help'],
      ['analyze', '--help'],
      ['verify', '--help'],
      ['report', '--help'],
      ['inspect', '--help'],
      ['help', 'verify'],
    ]) {
      const { code, out } = await maibo(...argv);
      expect(code, argv.join(' ')).toBe(0);
      expect(out).toContain('Usage: maibo');
    }
    expect(await maibo('--version')).toMatchObject({ code: 0, out: `${MAIBO_VERSION}\n` });
  });

  it('has the version of its package', () => {
    const text = readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8');
    expect((JSON.parse(text) as { version: string }).version).toBe(MAIBO_VERSION);
  });

  it('ends with 2 for a command, option or argument that is wrong or missing', async () => {
    const mistakes = [
      [],
      ['dance'],
      ['analyze'],
      ['analyze', RR, '--what'],
      ['analyze', RR, 'excess'],
      ['analyze', RR, '--signal', 'smell'],
      ['analyze', RR, '--format', 'docx'],
      ['analyze', RR, '--rate', 'fast'],
      ['verify'],
      ['report', STORE],
      ['report', STORE, '--out', path('x.html'), '--language', 'xx'],
      ['inspect'],
    ];
    for (const argv of mistakes) {
      const { code, out, err } = await maibo(...argv);
      expect(code, `maibo ${argv.join(' ')}`).toBe(2);
      expect(out).toBe('');
      expect(err).not.toBe('');
    }
  });

  it('gives a shell the same exit codes as a built program', async () => {
    const bin = fileURLToPath(new URL('../bin/maibo.js', import.meta.url));
    const run = (...argv: string[]) =>
      new Promise<number>((resolve) => {
        execFile(process.execPath, [bin, ...argv], (failure) => resolve(failure === null ? 0 : Number(failure.code)));
      });
    expect(await run('verify', STORE)).toBe(0);
    expect(await run('inspect', 'ff')).toBe(1);
    expect(await run('analyze', path('missing.csv'))).toBe(2);
    expect(await run('--what')).toBe(2);
  });
});

describe('maibo analyze', () => {
  const KEYS = ['maibo', 'input', 'cores', 'beats', 'rr', 'hrv', 'quality', 'notes'];

  it('prints the agreed JSON of an ECG, and every number in it is one', async () => {
    const { code, out } = await maibo('analyze', ECG, '--rate', '250', '--json');
    expect(code).toBe(0);
    expect(out).not.toMatch(/NaN|Infinity|undefined/);
    const analysis = JSON.parse(out);
    expect(Object.keys(analysis)).toEqual(expect.arrayContaining(KEYS));
    expect(analysis.maibo).toBe(MAIBO_VERSION);
    expect(analysis.input).toMatchObject({ path: ECG, format: 'csv', signal: 'ecg', rateHz: 250, durationS: 60 });
    for (const core of analysis.cores)
      expect(core).toEqual({
        name: expect.any(String),
        version: expect.any(String),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    expect(analysis.cores.map((core: { name: string }) => core.name)).toEqual([
      'ecg',
      'rr',
      'hrv',
      'hrv-nonlinear',
      'breath-beats',
      'breath',
    ]);
    const { beats, rr } = analysis;
    expect(beats.sample.every(Number.isInteger)).toBe(true);
    expect(beats.timeS).toHaveLength(beats.sample.length);
    expect(beats.quality.every((quality: number) => quality >= 0 && quality <= 1)).toBe(true);
    expect(rr.ms).toHaveLength(beats.sample.length - 1);
    expect([rr.timeS.length, rr.flag.length]).toEqual([rr.ms.length, rr.ms.length]);
    expect(Object.keys(analysis.hrv)).toEqual(
      expect.arrayContaining(['HRV_MeanNN', 'HRV_SDNN', 'HRV_RMSSD', 'HRV_pNN50']),
    );
    expect(analysis.hrv.HRV_MeanNN).toBeGreaterThan(700);
    expect(Math.abs(beats.sample.length - ecg.beatS.length)).toBeLessThan(3);
  });

  it('reads a column of RR intervals', async () => {
    const { code, out } = await maibo('analyze', RR, '--json');
    expect(code).toBe(0);
    const analysis = JSON.parse(out);
    expect(analysis.input).toMatchObject({ format: 'rr', signal: 'rr', rateHz: null });
    expect(analysis.rr.ms).toEqual(intervalsMs);
    expect(analysis.hrv.HRV_MeanNN).toBeCloseTo(intervalsMs.reduce((sum, ms) => sum + ms, 0) / intervalsMs.length, 6);
  });

  it('writes null, never 0 or NaN, for what does not exist', async () => {
    writeFileSync(path('two.txt'), '800\n810\n');
    const { code, out } = await maibo('analyze', path('two.txt'), '--format', 'rr', '--json');
    expect(code).toBe(0);
    expect(out).not.toMatch(/NaN|Infinity/);
    expect(JSON.parse(out).hrv.HRV_SDANN1).toBeNull();
  });

  it('gives text for people without --json', async () => {
    const { code, out } = await maibo('analyze', RR);
    expect(code).toBe(0);
    expect(out).toMatch(/HRV_MeanNN\s+\d+\.\d{3}/);
  });

  it('writes its files into --out, readable by their owner alone', async () => {
    const out = path('analysis');
    expect((await maibo('analyze', ECG, '--rate', '250', '--out', out)).code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['analysis.html', 'analysis.json', 'beats.csv', 'rr.csv']);
    const { beats } = JSON.parse(readFileSync(`${out}/analysis.json`, 'utf8'));
    expect(readFileSync(`${out}/beats.csv`, 'utf8').trim().split('\n')).toHaveLength(beats.sample.length + 1);
  });

  it('refuses bad input in one line that names the file, and writes nothing', async () => {
    const bad: Record<string, string> = {
      'empty.csv': '',
      'text.csv': 'ecg\n1\n2\nhello\n4\n',
      'words.txt': 'no numbers here\nat all\n',
      'negative.txt': '800\n-5\n810\n',
      'huge.txt': '800\n100000000\n810\n',
      'cut.edf': '0       ',
      'lost.hea': 'lost 1 250 100\nnowhere.dat 16 200 12 0 0 0 0 I\n',
    };
    for (const [name, text] of Object.entries(bad)) {
      writeFileSync(path(name), text);
      const rate = name === 'text.csv' ? ['--rate', '250'] : [];
      const said = await maibo('analyze', path(name), ...rate, '--out', path('nothing'), '--json');
      expectRefusal(said, name.split('.')[0]!);
    }
    expect(existsSync(path('nothing'))).toBe(false);
  });

  it('refuses a rate, signal, channel or path that cannot be', async () => {
    expectRefusal(await maibo('analyze', ECG, '--rate', '0'), 'ate');
    expectRefusal(await maibo('analyze', ECG, '--rate=-250'), 'ate');
    expectRefusal(await maibo('analyze', ECG, '--rate', '1e9'), 'ate');
    expectRefusal(await maibo('analyze', ECG, '--rate', '250', '--channel', '7'), '7');
    expectRefusal(await maibo('analyze', ECG, '--rate', '250', '--signal', 'acc'), 'acc');
    expectRefusal(await maibo('analyze', path('missing.csv')), 'missing.csv');
    expectRefusal(await maibo('analyze', path('.')), '');
    expectRefusal(await maibo('analyze', RR, '--out', ECG), 'ecg.csv');
  });
});

describe('maibo verify', () => {
  it('says that a store holds, for people and as JSON', async () => {
    const text = await maibo('verify', STORE);
    expect(text.code, text.out + text.err).toBe(0);
    expect(text.out).toContain('OK');
    const json = JSON.parse((await maibo('verify', STORE, '--json')).out);
    expect(json).toMatchObject({ ok: true, path: STORE, problems: [], streams: [{ blocks: 90, replayed: true }] });
    expect(json.streams[0].resultsAgreed).toBe(json.streams[0].results);
  });

  it('ends with 1 and names the record when one was changed', async () => {
    const file = path('changed.sqlite');
    copyFileSync(STORE, file);
    meddle(file, (db) => db.exec('UPDATE record SET bytes = (SELECT bytes FROM record WHERE seq = 8) WHERE seq = 7'));
    const { code, out } = await maibo('verify', file);
    expect(code).toBe(1);
    expect(out).toMatch(/FAILED .*record 7:/);
    const json = await maibo('verify', file, '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false });
  });

  it('ends with 1 when the file of a store was cut or damaged', async () => {
    const whole = readFileSync(STORE);
    for (const [name, bytes] of [
      ['cut.sqlite', whole.subarray(0, whole.length - 5_000)],
      ['holed.sqlite', Buffer.concat([whole.subarray(0, 8_192), Buffer.alloc(4_096), whole.subarray(12_288)])],
    ] as const) {
      writeFileSync(path(name), bytes);
      const { code, out, err } = await maibo('verify', path(name));
      expect(code, `${name}: ${out}${err}`).toBe(1);
    }
  });

  it('ends with 2 for what is no store: missing, empty, text, another program', async () => {
    writeFileSync(path('note.txt'), 'dear diary');
    writeFileSync(path('zero.sqlite'), '');
    mkdirSync(path('hollow'), { recursive: true });
    expectRefusal(await maibo('verify', path('missing.sqlite')), 'missing.sqlite');
    expectRefusal(await maibo('verify', path('note.txt')), '');
    expectRefusal(await maibo('verify', path('zero.sqlite')), 'zero.sqlite');
    expectRefusal(await maibo('verify', path('hollow')), 'hollow');
    expectRefusal(await maibo('verify', STORE, '--trust', 'abc'), 'abc');
  });

  it('checks a segment file and a folder of them against the keys that are trusted', async () => {
    const folder = path('segments');
    mkdirSync(folder, { recursive: true });
    const { store, close } = openStoreFile(STORE, { readOnly: true });
    const segments = store.segments(store.streams()[0]!.id);
    for (const segment of segments)
      writeFileSync(`${folder}/${toHex(segment.hash)}.segment`, store.segmentBytes(segment));
    close();
    const trust = ['--trust', toHex(gatewayKey.publicKey)];
    const first = `${folder}/${toHex(segments[0]!.hash)}.segment`;
    expect((await maibo('verify', folder, ...trust)).code).toBe(0);
    expect((await maibo('verify', first, ...trust)).code).toBe(0);
    expectRefusal(await maibo('verify', folder), '--trust');
    expect((await maibo('verify', folder, '--trust', '0'.repeat(64))).code).toBe(1);
    const bytes = readFileSync(first);
    bytes[bytes.length - 50] = bytes[bytes.length - 50]! ^ 4;
    writeFileSync(first, bytes);
    const changed = await maibo('verify', folder, ...trust);
    expect(changed.code).toBe(1);
    expect(changed.out).toContain('FAILED');
  });
});

describe('maibo report', () => {
  it('writes one HTML file', async () => {
    const out = path('report.html');
    const { code, err } = await maibo('report', STORE, '--out', out);
    expect(code, err).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('ends with 2 for a folder or store that is not there, and leaves nothing half-written', async () => {
    expectRefusal(await maibo('report', STORE, '--out', path('nowhere/report.html')), 'nowhere');
    expectRefusal(await maibo('report', path('missing.sqlite'), '--out', path('none.html')), 'missing.sqlite');
    expectRefusal(await maibo('report', RR, '--out', path('none.html')), 'rr.txt');
    expect(readdirSync(path('.')).filter((name) => name.startsWith('none') || name === 'nowhere')).toEqual([]);
  });
});

describe('maibo inspect', () => {
  it('takes apart a frame, also with spaces and colons', async () => {
    const hex = toHex(encodeFrame(encodeMessage({ type: 'bye', code: 3 })));
    for (const text of [hex, hex.replace(/../g, '$& '), hex.replace(/../g, '$&:').slice(0, -1), hex.toUpperCase()]) {
      const { code, out } = await maibo('inspect', text);
      expect(code, text).toBe(0);
      expect(out).toContain('bye');
    }
  });

  it('ends with 1 and says where a damaged one stops making sense', async () => {
    const hex = toHex(encodeFrame(encodeMessage({ type: 'bye', code: 3 })));
    const { code, out } = await maibo('inspect', `${hex.slice(0, 4)}ff${hex.slice(6)}`);
    expect(code).toBe(1);
    expect(out).not.toBe('');
  });

  it('ends with 2 for text that is no bytes', async () => {
    for (const text of ['xyz', 'abc', ' ']) expectRefusal(await maibo('inspect', text), 'no bytes');
  });
});
