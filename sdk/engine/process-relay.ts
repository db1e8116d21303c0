// What runs inside a thread beside a process: it passes frames on to the process and the answers back. The host waits in Atomics.wait meanwhile,
// so it can do nothing of that itself. The functions are handed over as their text, like that of core-thread.ts, and use nothing but their arguments.

import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';

/** Places in `RelayData.control`. */
export const RELAY_WORDS = {
  /** 1 while the host waits for an answer. */
  isAsked: 0,
  /** Not 0: there is none, and `data` begins with why. */
  isLost: 1,
  /** Not 0: the program was not even started. */
  isAbsent: 2,
  size: 3,
  pid: 4,
} as const;

export interface RelayData {
  readonly control: Int32Array;
  readonly data: Uint8Array;
  readonly program: string;
  readonly args: readonly string[];
  readonly words: typeof RELAY_WORDS;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Finds the answers in what the process says; `fault` for what no answer can be. */
export function readAnswers(
  source: Readable,
  bytesMax: number,
  take: (answer: Uint8Array) => void,
  fault: (why: string) => void,
): void {
  let heard = Buffer.alloc(0);
  source.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    if (heard.length < 4) return;
    const size = heard.readUInt32LE(0);
    if (size > bytesMax) fault(`its process answers with ${size} bytes`);
    else if (heard.length > 4 + size) fault('its process says more than it was asked');
    else if (heard.length === 4 + size) {
      const answer = heard.subarray(4);
      heard = Buffer.alloc(0);
      take(answer);
    }
  });
}

/** From the host come frames, and null for the end. */
export function relayProcess(
  { control, data, program, args, words }: RelayData,
  port: MessagePort,
  { spawn }: { spawn: (program: string, args: readonly string[], options: object) => Child },
  read: typeof readAnswers,
): void {
  const child = spawn(program, args, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
  control[words.pid] = child.pid ?? 0;
  let complaint = '';
  let lost: string | null = null;
  const tell = (bytes: Uint8Array, isLost: boolean) => {
    if (Atomics.load(control, words.isAsked) === 0) return;
    data.set(bytes);
    control[words.size] = bytes.length;
    control[words.isLost] = isLost ? 1 : 0;
    Atomics.store(control, words.isAsked, 0);
    Atomics.notify(control, words.isAsked);
  };
  /** For whoever asks now, and for whoever asks later. What was said first stays. */
  const lose = (why: string) => {
    lost ??= why.slice(0, 200);
    tell(Buffer.from(lost), true);
  };
  child.on('error', ({ message }) => {
    if (child.pid === undefined) control[words.isAbsent] = 1;
    lose(message);
  });
  child.on('exit', (code, signal) => {
    control[words.pid] = 0;
    const last = complaint.trim().split('\n').at(-1) ?? '';
    lose(`its process ended (${signal ?? code})${last === '' ? '' : `: ${last}`}`);
  });
  child.stdin.on('error', () => {}); // its end is told by `exit`
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  const fault = (why: string) => {
    child.kill('SIGKILL');
    lose(why);
  };
  read(child.stdout, data.length, (answer) => tell(answer, false), fault);
  port.on('message', (frame: Uint8Array | null) => {
    if (frame === null) {
      child.kill('SIGKILL');
      port.close();
    } else if (lost !== null) lose(lost);
    else {
      const sized = Buffer.alloc(4 + frame.length);
      sized.writeUInt32LE(frame.length);
      sized.set(frame, 4);
      child.stdin.write(sized);
    }
  });
}
