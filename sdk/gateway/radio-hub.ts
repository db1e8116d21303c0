// One radio for everybody: one scan while anybody is looked for, one connect at a time, and only to those who were asked for.
//
// A device is connected the moment it is heard. Road not taken: a queue of devices that were heard; by the time its turn came a device
// would be asleep again, and each one that is costs the queue a connect that times out.
import { MaiboError } from '../errors.ts';
import { BackOff } from '../link/back-off.ts';
import type { Advertisement, Patience, Radio, RadioState } from '../world/radio.ts';
import type { Clock, Entropy } from '../world/world.ts';
import type { Overdue } from './overdue.ts';

/** What a connect gives: a link, or a peer. */
export interface Closable {
  close(): Promise<void>;
}

export interface Wanted<Connected extends Closable> {
  readonly address: string;
  /** Errors thrown here refuse what was heard. */
  readonly check: (heard: Advertisement) => void;
  /** It was heard: connects it. Nobody else is being connected meanwhile. */
  readonly connect: (radio: Radio, patience: Required<Patience>) => Promise<Connected>;
  readonly signal: AbortSignal;
}

interface Seeker extends Wanted<Closable> {
  readonly resolve: (connected: Closable | null) => void;
  readonly reject: (failure: unknown) => void;
}

export interface RadioHubOptions {
  readonly open: () => Promise<Radio>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly overdue: Overdue;
  /** The gateway stops. */
  readonly signal: AbortSignal;
}

const CONNECT_MS = 30_000;
/** A scan tells of a device when something about it changes. Who begins to look in the middle of one begins a new one, with others who do. */
const NEW_SCAN_MS = 1_000;

export class RadioHub {
  readonly #options: RadioHubOptions;
  readonly #seekers = new Map<string, Seeker>();
  #radio: Radio | null = null;
  #scanning: AbortController | null = null;
  #wake: (() => void) | null = null;
  #isRenewing = false;

  constructor(options: RadioHubOptions) {
    this.#options = options;
  }

  /** The radio, once there is one: for its counts. */
  get radio(): Radio | null {
    return this.#radio;
  }

  get state(): RadioState {
    return this.#radio?.state ?? 'absent';
  }

  /** Waits until it is heard, and connects; null when aborted. Errors: those of `connect` and of `check`. */
  meet<Connected extends Closable>(wanted: Wanted<Connected>): Promise<Connected | null> {
    if (wanted.signal.aborted) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const seeker: Seeker = { ...wanted, resolve: resolve as Seeker['resolve'], reject };
      const onAbort = () => {
        if (this.#seekers.get(wanted.address) === seeker) this.#forget(seeker);
        resolve(null);
      };
      wanted.signal.addEventListener('abort', onAbort, { once: true });
      this.#seekers.set(wanted.address, seeker);
      this.#wake?.();
      void this.#renewScan();
    });
  }

  /** Until the gateway stops. Never rejects. */
  async run(): Promise<void> {
    const { clock, entropy, signal } = this.#options;
    const backOff = new BackOff(entropy);
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    while (!signal.aborted) {
      try {
        this.#radio ??= await this.#options.open();
        if (signal.aborted) break;
        backOff.up(clock.nowMonotonicMs());
        if (this.#seekers.size === 0) await this.#untilSought();
        else await this.#scan(this.#radio);
      } catch {
        // No bus, no adapter, switched off: `state` says which.
        await this.#pause(backOff.nextMs(clock.nowMonotonicMs()));
      }
    }
  }

  /** Once nobody is connected any more. */
  async close(): Promise<void> {
    await this.#radio?.close();
  }

  /** So long, or until the radio works again. */
  async #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#options;
    const enough = new AbortController();
    const onStop = () => enough.abort();
    signal.addEventListener('abort', onStop, { once: true });
    const isOut = this.#radio !== null && this.#radio.state !== 'ready';
    const back = isOut ? [untilReady(this.#radio!, enough.signal)] : [];
    await Promise.race([clock.sleep(ms, enough.signal), ...back]);
    signal.removeEventListener('abort', onStop);
    enough.abort();
  }

  #stop(): void {
    this.#scanning?.abort();
    this.#wake?.();
  }

  async #untilSought(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }

  async #scan(radio: Radio): Promise<void> {
    const scanning = new AbortController();
    this.#scanning = scanning;
    try {
      for await (const heard of radio.scan({ signal: scanning.signal })) {
        const seeker = this.#seekers.get(heard.address.toUpperCase());
        if (seeker !== undefined) await this.#turnOf(seeker, heard, radio);
        if (this.#seekers.size === 0) scanning.abort();
      }
      if (!scanning.signal.aborted) throw new MaiboError('radio-absent', 'the scan came to an end by itself');
    } finally {
      this.#scanning = null;
    }
  }

  async #renewScan(): Promise<void> {
    const { clock, signal } = this.#options;
    if (this.#isRenewing || this.#scanning === null) return;
    this.#isRenewing = true;
    await clock.sleep(NEW_SCAN_MS, signal);
    this.#isRenewing = false;
    this.#scanning?.abort();
  }

  async #turnOf(seeker: Seeker, heard: Advertisement, radio: Radio): Promise<void> {
    const { signal } = seeker;
    this.#forget(seeker);
    const done = this.#options.overdue.begin('radio', CONNECT_MS);
    try {
      seeker.check(heard);
      const connected = await seeker.connect(radio, { deadlineMs: CONNECT_MS, signal });
      if (signal.aborted) await connected.close();
      else seeker.resolve(connected);
    } catch (failure) {
      seeker.reject(failure);
    } finally {
      done();
    }
  }

  #forget(seeker: Seeker): void {
    this.#seekers.delete(seeker.address);
    if (this.#seekers.size === 0) this.#scanning?.abort();
  }
}

async function untilReady(radio: Radio, signal: AbortSignal): Promise<void> {
  for await (const state of radio.states(signal)) if (state === 'ready') return;
}

/** Who is asked for by an address and has to be bonded. */
export function refuseUnbonded(heard: Advertisement): void {
  if (heard.isPaired) return;
  throw new MaiboError('device-unknown', 'the device is not bonded with this machine', {
    hint: 'pair it first: `maibo pair`',
  });
}
