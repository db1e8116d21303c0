// A helper process with an IPC channel: started without stdio of its own, ended by pid, gone when this process is gone.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Child<News> {
  readonly pid: number;
  /** The next message, or null when the process has ended. */
  next(): Promise<News | null>;
  stop(): Promise<void>;
}

const STOP_WAIT_MS = 2_000;

/** `file` is the module beside this package's built files, e.g. "device/main.js". */
export function startChild<News>(file: string, args: readonly string[]): Child<News> {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const child = fork(path, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const inbox: News[] = [];
  let wake: (() => void) | null = null;
  let ended = false;
  child.on('message', (news) => {
    inbox.push(news as News);
    wake?.();
  });
  const end = () => {
    ended = true;
    wake?.();
  };
  child.on('exit', end);
  child.on('error', end);
  return {
    pid: child.pid ?? -1,
    next: async () => {
      while (inbox.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      return inbox.shift() ?? null;
    },
    stop: () => stop(child),
  };
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WAIT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    if (child.connected) child.disconnect();
    else child.kill('SIGTERM');
  });
}
