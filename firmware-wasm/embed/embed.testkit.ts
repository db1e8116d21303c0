// Builds libraries and programs for the tests of this folder, and plays to V8 what is played to them.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type WasmMemory, wasm } from '../host/webassembly.ts';
import type { CoreFacts } from './build/measure.mjs';
import { knownInput, SETTINGS } from './build/settings.mjs';

export const EMBED = fileURLToPath(new URL('./', import.meta.url));
const GENERATED = fileURLToPath(new URL('../generated/', import.meta.url));

/** Wrong arithmetic, addresses and numbers end the program. */
export const SANITIZERS = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
export const STRICT = ['-Wall', '-Wextra', '-Wconversion', '-Wsign-conversion', '-Wshadow', '-Werror'];
const LANGUAGE = ['-std=c99', '-ffp-contract=off', '-fno-math-errno'];

export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}

/** With MAIBO_REQUIRE_ALL=1 nothing is skipped: what is missing fails. */
export function isSkipped(...programs: string[]): boolean {
  return !programs.every(hasProgram) && process.env.MAIBO_REQUIRE_ALL !== '1';
}

const folders: string[] = [];

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-embed-test-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Standard output; throws with everything that was said if the program fails. */
export function run(program: string, args: readonly string[], cwd: string, input?: Uint8Array): Buffer {
  const done = spawnSync(program, args, { cwd, input, maxBuffer: 1 << 28 });
  if (done.status !== 0) {
    throw new Error(
      `${program} ended with ${done.status ?? done.signal}:\n${done.stdout}${done.stderr}`.slice(0, 6000),
    );
  }
  return done.stdout;
}

/** `node build.mjs` */
export function buildLibrary(cores: readonly string[], ...rest: string[]): string {
  const out = makeFolder();
  run(
    process.execPath,
    [join(EMBED, 'build.mjs'), ...cores.flatMap((core) => ['--core', core]), '--out', out, ...rest],
    out,
  );
  return out;
}

/** The library's C in `folder` as an archive, compiled with `flags`; its name. */
export function compileLibrary(folder: string, flags: readonly string[]): string {
  const sources = readdirSync(folder).filter((file) => file.endsWith('.c'));
  run('gcc', [...LANGUAGE, ...flags, '-I.', '-c', ...sources], folder);
  const objects = sources.map((file) => file.replace(/\.c$/, '.o'));
  run('ar', ['rcs', 'compiled.a', ...objects], folder);
  return 'compiled.a';
}

/** A program of one source and the library in `folder`, which compileLibrary made; the path of it. */
export function compileProgram(folder: string, name: string, source: string, flags: readonly string[]): string {
  run('gcc', [...LANGUAGE, ...flags, '-I.', source, 'compiled.a', '-o', name], folder);
  return join(folder, name);
}

/** `RUN(ecg, ECG); ...` for test/self-test.c. */
export function selfTestFlag(cores: readonly string[]): string {
  const ids = cores.map((core) => core.replaceAll('-', '_'));
  return `-DCORES=${ids.map((id) => `RUN(${id}, ${id.toUpperCase()});`).join(' ')}`;
}

export function factsOf(core: string): CoreFacts {
  const { cores } = JSON.parse(readFileSync(join(GENERATED, 'embed.gen.json'), 'utf8')) as { cores: CoreFacts[] };
  return cores.find(({ name }) => name === core)!;
}

/** Some minutes of input: the known one again and again, its numbers shaken by `shake` where they are plain samples. */
export function longInput(core: string, rounds: number): Uint8Array {
  const { elements, repeats, clockStepS } = knownInput(core);
  const all = Array.from({ length: rounds * repeats }, (_, round) => {
    const part = elements.slice();
    if (factsOf(core).input.c === 'float') shake(new Float32Array(part.buffer), round);
    else if (clockStepS > 0) delay(new DataView(part.buffer), factsOf(core).input.bytes, round * clockStepS);
    return part;
  });
  return Buffer.concat(all);
}

/** Another gain and a little noise each round, and missing samples in one of ten. */
function shake(samples: Float32Array, round: number): void {
  for (let i = 0; i < samples.length; i++) {
    const noise = ((i * 7919 + round * 104_729) % 101) / 101 - 0.5;
    samples[i] = samples[i]! * (1 + ((round % 5) - 2) / 20) * (1 + noise / 50);
    if (round % 10 === 9 && i % 13 === 0) samples[i] = Number.NaN;
  }
}

function delay(view: DataView, bytes: number, seconds: number): void {
  for (let at = 0; at < view.byteLength; at += bytes) view.setFloat64(at, view.getFloat64(at, true) + seconds, true);
}

interface Verbs {
  readonly memory: WasmMemory;
  arena(): number;
  size(...numbers: number[]): number;
  init(...numbers: number[]): number;
  push(at: number, from: number, count: number): number;
  poll(at: number, into: number, count: number): number;
  flush(at: number): number;
}

/** The bytes of everything that the module finds in `input` on V8. */
export function findOnV8(core: string, input: Uint8Array, pushCount: number): Buffer {
  const facts = factsOf(core);
  const settings = SETTINGS[core]!;
  const module = new wasm.Module(readFileSync(join(GENERATED, `${core}.wasm`)));
  const verbs = new wasm.Instance(module).exports as unknown as Verbs;
  const at = verbs.arena();
  const inputAt = (at + verbs.size(...facts.size.map((name) => settings[name]!)) + 15) & ~15;
  verbs.memory.grow(4);
  const found: Buffer[] = [];
  const collect = () => {
    const into = verbs.memory.buffer.byteLength - 65_536;
    for (;;) {
      const count = verbs.poll(at, into, Math.floor(65_536 / facts.finding.bytes));
      if (count < 0) throw new Error(`poll answers ${count}`);
      if (count === 0) return;
      found.push(Buffer.from(verbs.memory.buffer.slice(into, into + count * facts.finding.bytes)));
    }
  };
  verbs.init(at, ...facts.settings.map(({ name }) => settings[name]!));
  const elementCount = input.length / facts.input.bytes;
  for (let from = 0; from < elementCount; ) {
    const count = Math.min(pushCount, elementCount - from);
    const bytes = input.subarray(from * facts.input.bytes, (from + count) * facts.input.bytes);
    new Uint8Array(verbs.memory.buffer, inputAt).set(bytes);
    const taken = verbs.push(at, inputAt, count);
    if (taken < 0) throw new Error(`push answers ${taken}`);
    from += taken;
    collect();
  }
  verbs.flush(at);
  collect();
  return Buffer.concat(found);
}
