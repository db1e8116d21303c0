// Compiles C test programs with every warning an error and under the sanitizers, and runs them.
//
//     describe.skipIf(isSkipped('gcc'))('...', () => {
//       const program = compileTest('cbor', ['test/cbor.c', 'ml_cbor.c']);
//       run(program, [], input);                    // standard output; throws with everything that was said if the program fails

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WireFaultCode } from '../wire-fault.ts';

/** This folder. */
export const LINK_C = fileURLToPath(new URL('./', import.meta.url));

/** `-Wconversion` and the like are errors: what is firmware elsewhere has to be clean there too. */
export const STRICT = [
  '-std=c99',
  '-Wall',
  '-Wextra',
  '-Wconversion',
  '-Wsign-conversion',
  '-Wshadow',
  '-Wpedantic',
].concat('-Werror');
/** Wrong arithmetic, addresses and numbers end the program. */
export const SANITIZERS = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
export const CORTEX_M4 = ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=soft', '-ffreestanding'];

export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}

/** With MAIBO_REQUIRE_ALL=1 nothing is skipped: what is missing fails. Says what is missing, once a file. */
export function isSkipped(...programs: string[]): boolean {
  const missing = programs.filter((program) => !hasProgram(program));
  if (missing.length === 0 || process.env.MAIBO_REQUIRE_ALL === '1') return false;
  console.warn(`skipped: there is no ${missing.join(' and no ')} here`);
  return true;
}

const folders: string[] = [];

/** A folder of its own, removed by `removeFolders`. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-c-test-'));
  folders.push(folder);
  return folder;
}

/** For `afterAll`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Standard output; throws with everything that was said if the program fails. */
export function run(program: string, args: readonly string[] = [], input?: Uint8Array | string): Buffer {
  const done = spawnSync(program, args, { input, maxBuffer: 1 << 28 });
  if (done.status === 0) return done.stdout;
  const said = `${done.error ?? ''}${done.stdout ?? ''}${done.stderr ?? ''}`;
  throw new Error(`${program} ended with ${done.status ?? done.signal}:\n${said}`.slice(0, 6_000));
}

/** A program under the sanitizers; sources as paths in this folder, or absolute. `flags` may name sizes (-DML_...) and folders (-I...). */
export function compileTest(name: string, sources: readonly string[], flags: readonly string[] = []): string {
  const program = join(makeFolder(), name);
  run('gcc', [...STRICT, ...SANITIZERS, `-I${LINK_C}`, ...flags, ...sources.map(pathOf), '-o', program]);
  return program;
}

/** Compiles without linking, for another processor say; throws on the first warning. */
export function compileOnly(compiler: string, sources: readonly string[], flags: readonly string[] = []): void {
  const folder = makeFolder();
  for (const [index, source] of sources.entries()) {
    const to = join(folder, `${index}.o`);
    run(compiler, [...STRICT, `-I${LINK_C}`, ...flags, '-c', pathOf(source), '-o', to]);
  }
}

/** All library files of a folder of this one, without those of tests. */
export function librarySources(folder = LINK_C): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.c'))
    .map((file) => join(folder, file));
}

function pathOf(source: string): string {
  const path = isAbsolute(source) ? source : join(LINK_C, source);
  if (!existsSync(path)) throw new Error(`no source ${path}`);
  return path;
}

/** What the faults of SPEC.md 10 are called in C (ml_status.h), by number. */
export const FAULTS: Readonly<Record<number, WireFaultCode>> = {
  [-1]: 'too-long',
  [-2]: 'bad-check',
  [-3]: 'torn',
  [-4]: 'unknown-number',
  [-5]: 'bad-shape',
  [-6]: 'over-budget',
  [-7]: 'not-canonical',
};

/** Bytes for a test program's standard input: numbers as uint32 little endian, bytes behind their length. */
export function inputOf(...parts: readonly (number | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.flatMap((part) => (typeof part === 'number' ? [u32(part)] : [u32(part.length), part])));
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** Reads what a test program answered, in the same form. */
export class Answers {
  #at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#at === this.#bytes.length;
  }

  u32(): number {
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  i32(): number {
    return this.u32() | 0;
  }

  /** Bytes behind their length. */
  bytes(): Uint8Array {
    const count = this.u32();
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

/** A test program that is asked and answers, again and again, while the test waits. */
export class Dialogue {
  readonly #child: ChildProcess;
  readonly #to: number;
  readonly #from: number;
  readonly #errorFile: string;

  constructor(program: string) {
    const folder = makeFolder();
    const [to, from] = [join(folder, 'to'), join(folder, 'from')];
    this.#errorFile = join(folder, 'errors');
    run('mkfifo', [to, from]);
    // The shell opens the pipes in the order in which they are opened here: each waits for its other end.
    this.#child = spawn('sh', ['-c', 'exec "$0" <"$1" >"$2" 2>"$3"', program, to, from, this.#errorFile], {
      stdio: 'ignore',
    });
    this.#to = openSync(to, 'w');
    this.#from = openSync(from, 'r');
  }

  ask(command: string, ...parts: readonly (number | Uint8Array)[]): void {
    const bytes = Buffer.concat([Buffer.from(command), inputOf(...parts)]);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#to, bytes, at);
    } catch (cause) {
      throw new Error(this.#lastWords(), { cause });
    }
  }

  u32(): number {
    return Buffer.from(this.#read(4)).readUInt32LE();
  }

  i32(): number {
    return this.u32() | 0;
  }

  /** Bytes behind their length. */
  bytes(): Uint8Array {
    return this.#read(this.u32());
  }

  /** Ends the program. Throws with what it said if it ended by itself. */
  close(): void {
    closeSync(this.#to);
    const rest = Buffer.alloc(1);
    const isMore = readSync(this.#from, rest) > 0;
    closeSync(this.#from);
    this.#child.kill();
    const said = readFileSync(this.#errorFile, 'utf8');
    if (isMore || said !== '') throw new Error(`the program ended with:\n${said}`.slice(0, 6_000));
  }

  #lastWords(): string {
    return `the program ended with:\n${readFileSync(this.#errorFile, 'utf8')}`.slice(0, 6_000);
  }

  #read(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const found = readSync(this.#from, bytes, at, count - at, null);
      if (found === 0) throw new Error(this.#lastWords());
      at += found;
    }
    return bytes;
  }
}
