// The double of the Bluetooth service, from its parent's side: started on a bus, told what shall go wrong, killed and started again.
//
//     await using bus = await openPrivateBus();
//     await using double = await openBluezDouble({ busAddress: bus.address });
//     await double.setFaults({ connect: 'never' }, 'hci1');
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { within } from '../timing.ts';
import type { Answer, Ask, DoubleJob, News, Question } from './control.ts';
import type { Faults } from './faults.ts';
import type { Settings } from './ground.ts';

export interface BluezDoubleOptions {
  readonly busAddress: string;
  /** hci0, hci1 and so on; 2 by default, at most 64. */
  readonly adapterCount?: number;
  readonly seed?: number;
  readonly settings?: Partial<Settings>;
}

export interface BluezDouble extends AsyncDisposable {
  readonly pid: number;
  setFaults(faults: Partial<Faults>, adapter?: string): Promise<void>;
  clearFaults(): Promise<void>;
  /** Links of this adapter go; how many there were. */
  drop(adapter: string): Promise<number>;
  power(adapter: string, isOn: boolean): Promise<void>;
  removeDevice(central: string, peripheral: string): Promise<void>;
  /** Notifies whoever has subscribed, as fast as it goes; `batch` in one turn of the event loop, 50 by default. */
  burst(options: {
    adapter: string;
    characteristic: string;
    count: number;
    bytes: number;
    batch?: number;
  }): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** A new process, which knows nothing of what was registered with the old one. Kills that when it still runs. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const ADAPTERS_MAX = 64;
const START_MS = 10_000;
const ANSWER_MS = 60_000;

export async function openBluezDouble(options: BluezDoubleOptions): Promise<BluezDouble> {
  const { busAddress, adapterCount = 2, seed = 1, settings = {} } = options;
  if (!(adapterCount >= 1 && adapterCount <= ADAPTERS_MAX)) throw new RangeError(`adapterCount is 1..${ADAPTERS_MAX}`);
  const job: DoubleJob = { address: busAddress, adapterCount, seed, settings };
  let process = await DoubleProcess.start(job);
  const end = () => process.end();
  return {
    get pid() {
      return process.pid;
    },
    setFaults: async (faults, adapter) =>
      void (await process.ask({ type: 'faults', adapter: adapter ?? null, faults })),
    clearFaults: async () => void (await process.ask({ type: 'clear-faults' })),
    drop: (adapter) => process.ask({ type: 'drop', adapter }),
    power: async (adapter, isOn) => void (await process.ask({ type: 'power', adapter, isOn })),
    removeDevice: async (central, peripheral) =>
      void (await process.ask({ type: 'remove-device', central, peripheral })),
    burst: async ({ batch = 50, ...burst }) => void (await process.ask({ type: 'burst', batch, ...burst })),
    kill: end,
    restart: async () => {
      await end();
      process = await DoubleProcess.start(job);
    },
    close: end,
    [Symbol.asyncDispose]: end,
  };
}

/** The built file, also when this one runs from its source. */
const MAIN = fileURLToPath(new URL('main.js', import.meta.url)).replace(
  /([\\/]simulator)[\\/](radio[\\/]double[\\/])/,
  '$1/dist/$2',
);

class DoubleProcess {
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (news: News | Answer) => {
      if ('id' in news) this.#asked.get(news.id)?.(news);
    });
    child.on('exit', () => {
      for (const [id, settle] of this.#asked) settle({ id, ok: false, detail: 'the double has ended' });
    });
    child.on('error', () => undefined);
  }

  static async start(job: DoubleJob): Promise<DoubleProcess> {
    const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
    // Detached: Ctrl-C is for the parent; the channel still takes this process along.
    const child = fork(MAIN, [JSON.stringify(job)], { stdio: [...stdio], execArgv: [], detached: true });
    const started = new DoubleProcess(child);
    const news = once(child, 'message') as Promise<[News]>;
    const ended = once(child, 'exit').then((): never => {
      throw new Error(`the double of the Bluetooth service did not start (is ${MAIN} built?)`);
    });
    const tooLate = () => new Error('the double of the Bluetooth service did not start in time');
    const [first] = await within(START_MS, Promise.race([news, ended]), tooLate);
    ended.catch(() => undefined);
    if (first.type === 'failed') throw new Error(`the double of the Bluetooth service: ${first.detail}`);
    child.unref();
    child.channel?.unref();
    return started;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  async ask(ask: Ask): Promise<number> {
    const id = ++this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#asked.set(id, resolve));
    this.#child.send({ id, ask } satisfies Question);
    try {
      const answer = await within(ANSWER_MS, answered, () => new Error(`${ask.type}: the double does not answer`));
      if (!answer.ok) throw new Error(`${ask.type}: ${answer.detail}`);
      return answer.value;
    } finally {
      this.#asked.delete(id);
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.ref();
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
