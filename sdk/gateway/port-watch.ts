// Which serial ports are there. One look a second at each folder that somebody waits for, however many wait; no look when nobody does.
import { MaiboError } from '../errors.ts';
import type { Clock } from '../world/world.ts';
import type { SerialConfig } from './config-types.ts';
import type { SerialPorts } from './gateway-world.ts';

export const BY_ID_FOLDER = '/dev/serial/by-id';
const LOOK_MS = 1_000;

interface Waiter {
  readonly folder: string;
  readonly fitting: (names: ReadonlySet<string>) => readonly string[];
  readonly isAwaited: 'there' | 'gone';
  readonly resolve: (path: string) => void;
  readonly reject: (failure: MaiboError) => void;
}

export class PortWatch {
  readonly #ports: Pick<SerialPorts, 'list'>;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #waiters = new Set<Waiter>();
  #isLooking = false;

  /** `signal`: the gateway stops. */
  constructor(ports: Pick<SerialPorts, 'list'>, clock: Clock, signal: AbortSignal) {
    this.#ports = ports;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The port's path once it is there; null when aborted first. Errors: `link-open` when several are called so. */
  there(port: SerialConfig, signal: AbortSignal): Promise<string | null> {
    return this.#wait(port, 'there', signal);
  }

  /** Resolves once it is not there. */
  async gone(port: SerialConfig, signal: AbortSignal): Promise<void> {
    await this.#wait(port, 'gone', signal);
  }

  #wait(port: SerialConfig, isAwaited: Waiter['isAwaited'], signal: AbortSignal): Promise<string | null> {
    if (signal.aborted) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const forget = () => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', onAbort);
      };
      const done = (path: string | null) => {
        forget();
        resolve(path);
      };
      const refuse = (failure: MaiboError) => {
        forget();
        reject(failure);
      };
      const onAbort = () => done(null);
      const waiter: Waiter = { ...placeOf(port), isAwaited, resolve: done, reject: refuse };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', onAbort, { once: true });
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#waiters.size > 0 && !this.#signal.aborted) {
      for (const folder of new Set([...this.#waiters].map((waiter) => waiter.folder))) {
        const names = new Set(await this.#ports.list(folder).catch(() => []));
        for (const waiter of [...this.#waiters]) if (waiter.folder === folder) tell(waiter, names);
      }
      if (this.#waiters.size > 0) await this.#clock.sleep(LOOK_MS, this.#signal);
    }
    this.#isLooking = false;
  }
}

function tell({ folder, fitting, isAwaited, resolve, reject }: Waiter, names: ReadonlySet<string>): void {
  const found = fitting(names);
  if (found.length > 0 !== (isAwaited === 'there')) return;
  const hint = `there is ${found.join(', ')}: say more of the name`;
  if (found.length <= 1) resolve(`${folder}/${found[0] ?? ''}`);
  else reject(new MaiboError('link-open', `${found.length} serial ports match`, { where: folder, hint }));
}

function placeOf({ path, match }: SerialConfig): Pick<Waiter, 'folder' | 'fitting'> {
  if (path === null) {
    const wanted = (match ?? '').toLowerCase();
    const fitting: Waiter['fitting'] = (names) => [...names].filter((name) => name.toLowerCase().includes(wanted));
    return { folder: BY_ID_FOLDER, fitting };
  }
  const cut = path.lastIndexOf('/');
  const name = path.slice(cut + 1);
  return { folder: path.slice(0, cut) || '/', fitting: (names) => (names.has(name) ? [name] : []) };
}
