// The wearable's C as a process without a board (firmware-wasm/wearable/desk): time and bytes go in, bytes come out, and its flash is a file.
import { type ChildProcess, spawn } from 'node:child_process';

const HEAD_BYTES = 5;
const TAIL_BYTES = 7;
/** The exit code of a device whose power went. */
const CUT_EXIT = 9;

export type Button = 'pair' | 'yes' | 'no' | 'forget';
const BUTTONS: readonly Button[] = ['pair', 'yes', 'no', 'forget'];

export interface Answer {
  readonly bytes: Uint8Array;
  /** On its display. */
  readonly digits: string | null;
}

export interface DeskLog {
  readonly first: number;
  readonly head: number;
  readonly ackedPast: number;
  /** Items that the flash did not take, and spans of it that hold nothing sensible. */
  readonly damaged: number;
}

/** The power went in the middle of a call. */
export class PowerCut extends Error {}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class Desk {
  readonly #child: ChildProcess;
  #heard = Buffer.alloc(0);
  #waiting: { resolve: (answer: Answer) => void; reject: (failure: Error) => void } | null = null;
  #end: Error | null = null;
  #complaints = '';

  /** `cutAt`: the power goes in this call of its flash; 0: never. `lies`: changes that the flash says are done, and are not. */
  constructor(program: string, flash: string, seed: number, cutAt: number, lies: number) {
    this.#child = spawn(program, [flash, String(seed), String(cutAt), String(lies)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    this.#child.stdin?.on('error', () => undefined); // how it ended says why
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#child.stderr?.on('data', (text) => {
      this.#complaints += text;
    });
    this.#child.once('close', (code) => {
      running.delete(this.#child);
      this.#end = code === CUT_EXIT ? new PowerCut() : new Error(`the device ended with ${code}: ${this.#complaints}`);
      this.#waiting?.reject(this.#end);
    });
  }

  /** It is so late since its start: it measures, and says what there is to say. */
  async at(ms: number): Promise<Answer> {
    return this.#ask('T', ms);
  }

  async hear(bytes: Uint8Array): Promise<Answer> {
    return this.#ask('B', bytes.length, bytes);
  }

  async press(button: Button): Promise<Answer> {
    return this.#ask('P', BUTTONS.indexOf(button));
  }

  async log(number: number): Promise<DeskLog> {
    const { bytes } = await this.#ask('L', number);
    const [first, head, ackedPast, damaged] = Buffer.from(bytes).toString().split(' ').map(Number);
    return { first: first!, head: head!, ackedPast: ackedPast!, damaged: damaged! };
  }

  kill(): Promise<void> {
    if (this.#end !== null) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.kill('SIGKILL');
    return gone;
  }

  #ask(command: string, number: number, bytes: Uint8Array = new Uint8Array(0)): Promise<Answer> {
    if (this.#end !== null) return Promise.reject(this.#end);
    const head = Buffer.alloc(HEAD_BYTES);
    head.write(command);
    head.writeUInt32LE(number, 1);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.stdin?.write(Buffer.concat([head, bytes]));
    });
  }

  #hear(chunk: Buffer): void {
    this.#heard = Buffer.concat([this.#heard, chunk]);
    if (this.#heard.length < 4) return;
    const count = this.#heard.readUInt32LE(0);
    if (this.#heard.length < 4 + count + TAIL_BYTES) return;
    const bytes = Uint8Array.from(this.#heard.subarray(4, 4 + count));
    const tail = this.#heard.subarray(4 + count, 4 + count + TAIL_BYTES);
    this.#heard = this.#heard.subarray(4 + count + TAIL_BYTES);
    this.#waiting?.resolve({ bytes, digits: tail[0] === 1 ? tail.toString('latin1', 1) : null });
  }
}
