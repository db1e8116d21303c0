// The wearable's firmware (firmware-wasm/wearable) in QEMU: its link's UART is a pty under a name that stays, its console a socket, its flash
// a file. Killed with SIGKILL it is a device whose power went; its flash is what was written.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { eventually, sleep } from '../lab/lab-process.testkit.ts';

const BUILD = fileURLToPath(new URL('../../firmware-wasm/wearable/build.mjs', import.meta.url));
const MAIBO = fileURLToPath(new URL('../../sdk/bin/maibo.js', import.meta.url));
const PROGRAMS = ['qemu-system-arm', 'arm-none-eabi-gcc'];
const PAIRINGS_MAX = 3;
const BUILD_MS_MAX = 300_000;

/** What is not here of that the firmware needs. With MAIBO_REQUIRE_ALL=1 that is an error. */
export function missingPrograms(): string[] {
  const missing = PROGRAMS.filter((program) => spawnSync(program, ['--version']).status !== 0);
  if (missing.length > 0 && process.env.MAIBO_REQUIRE_ALL === '1') throw new Error(`there is no ${missing.join(', ')}`);
  return missing;
}

/** Builds the firmware into `folder` by its own script. */
export function buildFirmware(folder: string): string {
  const done = spawnSync(process.execPath, [BUILD, '--out', folder], { encoding: 'utf8', timeout: BUILD_MS_MAX });
  if (done.status !== 0) throw new Error(`the firmware does not build: ${done.stderr || done.error}`);
  return join(folder, 'wearable.elf');
}

const running = new Set<ChildProcess>();
const killAll = () => {
  for (const child of running) child.kill('SIGKILL');
};
process.once('exit', killAll);
afterAll(killAll);

function watch(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  running.add(child);
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal);
    });
  });
}

/** Of one log, as the console says it. */
export interface LogState {
  readonly head: number;
  /** One past the last item that was acknowledged. */
  readonly ackedPast: number;
}

export class Board {
  /** The name of its port, whatever pty it has. */
  readonly portPath: string;
  readonly #folder: string;
  readonly #elf: string;
  #child: ChildProcess | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #console: Socket | null = null;
  #said = '';
  #complaints = '';

  /** `folder` holds its flash. */
  constructor(folder: string, elf: string, portPath = join(folder, 'ports', 'wearable')) {
    this.#folder = folder;
    this.#elf = elf;
    this.portPath = portPath;
  }

  /** Everything that its console has said since it was powered. */
  get said(): string {
    return this.#said;
  }

  /** What the emulator and the board's last words were. */
  get complaints(): string {
    return this.#complaints;
  }

  /** Gives the path of its pty, which `portPath` names too. */
  async power(): Promise<string> {
    mkdirSync(dirname(this.portPath), { recursive: true });
    rmSync(join(this.#folder, 'console'), { force: true });
    const child = spawn('qemu-system-arm', qemuArguments(this.#elf), {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#ended = watch(child);
    this.#said = '';
    let told = '';
    child.stdout.on('data', (text) => {
      told += text;
    });
    child.stderr.on('data', (text) => {
      told += text;
      this.#complaints += text;
    });
    const path = () => /redirected to (\/dev\/\S+)/.exec(told)?.[1];
    if (!(await eventually(() => path() !== undefined, 400))) throw new Error(`QEMU has no pty: ${told}`);
    nameIt(this.portPath, path()!);
    this.#console = await openConsole(join(this.#folder, 'console'), (text) => {
      this.#said += text;
    });
    return path()!;
  }

  forgetWhatItSaid(): void {
    this.#said = '';
  }

  /** A line for its console. */
  type(line: string): void {
    this.#console?.write(`${line}\n`);
  }

  /** What the console says that matches, at once or within 20 s. Throws with all that was said. */
  async hear(pattern: RegExp): Promise<RegExpExecArray> {
    if (await eventually(() => pattern.test(this.#said), 400)) return pattern.exec(this.#said)!;
    throw new Error(`the console never said ${pattern}: ${this.#said}\n${this.#complaints}`);
  }

  /** What `status` says. */
  async status(): Promise<string> {
    const before = this.#said.length;
    this.type('status');
    const isSaid = () => this.#said.includes('end of status', before);
    if (!(await eventually(isSaid, 400))) throw new Error(`no status: ${this.#said}\n${this.#complaints}`);
    return this.#said.slice(before);
  }

  /** By number of the log, from 1. */
  async logs(): Promise<LogState[]> {
    const text = await this.status();
    return [...text.matchAll(/log \d: first \d+, head (\d+), acknowledged to (\d+)/g)].map(([, head, acked]) => ({
      head: Number(head),
      ackedPast: Number(acked),
    }));
  }

  /** The power goes. */
  async cut(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
    this.#console?.destroy();
    rmSync(this.portPath, { force: true });
  }
}

function qemuArguments(elf: string): string[] {
  return [
    ...['-M', 'mps2-an386', '-nographic', '-monitor', 'none'],
    ...['-serial', 'pty', '-serial', 'unix:console,server=on,wait=on'],
    ...['-semihosting-config', 'enable=on,target=native', '-kernel', elf],
  ];
}

function nameIt(path: string, target: string): void {
  symlinkSync(target, `${path}.new`);
  renameSync(`${path}.new`, path);
}

/** QEMU makes the socket, and waits for somebody at it before the board starts: nothing that is said is missed. */
async function openConsole(path: string, onText: (text: string) => void): Promise<Socket> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(path);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (isOpen) {
      socket.setEncoding('utf8');
      socket.on('data', onText);
      socket.on('error', () => undefined);
      return socket;
    }
    await sleep(20);
  }
  throw new Error('QEMU has no console');
}

/** `maibo ...` as a process of its own, for a person who answers. */
export class MaiboRun {
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly #child: ChildProcess;
  #out = '';
  #err = '';

  constructor(...args: string[]) {
    this.#child = spawn(process.execPath, [MAIBO, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.ended = watch(this.#child);
    this.#child.stdout?.on('data', (text) => {
      this.#out += text;
    });
    this.#child.stderr?.on('data', (text) => {
      this.#err += text;
    });
  }

  get out(): string {
    return this.#out;
  }

  get err(): string {
    return this.#err;
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** What it says on standard error that matches, within a minute and before it ends. */
  async hear(pattern: RegExp): Promise<RegExpExecArray> {
    await eventually(() => pattern.test(this.#err) || this.#child.exitCode !== null, 1_200);
    const heard = pattern.exec(this.#err);
    if (heard !== null) return heard;
    throw new Error(`it never said ${pattern}: ${this.#err}${this.#out}`);
  }
}

/** Pairs by the commands that a person has: both screens show the same six digits. Gives the block for gateway.toml. */
export async function pair(board: Board, data: string, path = board.portPath): Promise<string> {
  for (let tries = PAIRINGS_MAX; ; tries--) {
    try {
      return await pairOnce(board, data, path);
    } catch (failure) {
      // A handshake has ten seconds, and its beginning two more, which a bad line and a busy machine can use up: a person tries again.
      if (tries <= 1 || !/did not (finish the handshake|answer)/.test(String(failure))) throw failure;
      board.forgetWhatItSaid();
    }
  }
}

async function pairOnce(board: Board, data: string, path: string): Promise<string> {
  board.type('pair');
  await board.hear(/pairing is open/);
  const maibo = new MaiboRun('pair', path, '--data', data, '--name', 'bed-1');
  const [, here] = await maibo.hear(/Does the device show (\d{3} \d{3})\?/);
  const [, there] = await board.hear(/does the other show (\d{3} \d{3})\?/);
  if (here !== there) throw new Error(`the screens show ${here} and ${there}`);
  board.type('yes');
  maibo.type('y');
  const code = await maibo.ended;
  if (code !== 0) throw new Error(`maibo pair ended with ${code}: ${maibo.err}`);
  return maibo.out;
}

/** `maibo verify`: its exit code and what it said. */
export function verify(store: string): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIBO, 'verify', store], { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}
