// Nothing is read from a device while the store fails: what cannot be kept stays where it is, on the device. Once it has failed, one device
// at a time is let in to try, after longer and longer waits; the first commit that holds lets everybody in again.
import { isMaiboError, type MaiboErrorCode } from '../errors.ts';
import { BackOff } from '../link/back-off.ts';
import type { Clock, Entropy } from '../world/world.ts';

/** The disk or the file, not the device that brought it up. What cannot be read may be one stream; what cannot be committed is everybody's matter. */
const STORE_CODES = ['store-full', 'store-busy'] as const;
const COMMIT_CODES = [...STORE_CODES, 'store-open'] as const;

/** Nobody is let in sooner: what fails needs a moment. */
const TRY_LEAST_MS = 1_000;

export interface StoreFailure {
  readonly code: MaiboErrorCode;
  readonly sinceMs: number;
}

export interface StoreGateOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** The gateway stops. */
  readonly signal: AbortSignal;
  /** It failed, having worked before: take everybody's hands off it. */
  readonly onClosed: (code: MaiboErrorCode) => void;
  readonly onOpened: () => void;
}

export class StoreGate {
  readonly #options: StoreGateOptions;
  #backOff: BackOff;
  readonly #waiting = new Set<() => void>();
  #failure: StoreFailure | null = null;
  #isTiming = false;

  constructor(options: StoreGateOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.entropy);
  }

  get failure(): StoreFailure | null {
    return this.#failure;
  }

  /** Whether this was the store's fault; the gate is closed then. */
  fail(failure: unknown, step: 'commit' | 'other' = 'other'): boolean {
    if (!isMaiboError(failure, ...(step === 'commit' ? COMMIT_CODES : STORE_CODES))) return false;
    const wasOpen = this.#failure === null;
    this.#failure ??= { code: failure.code, sinceMs: this.#options.clock.nowMonotonicMs() };
    if (wasOpen) this.#options.onClosed(failure.code);
    this.#tryLater();
    return true;
  }

  /** A commit held. */
  hold(): void {
    if (this.#failure === null) return;
    this.#failure = null;
    this.#backOff = new BackOff(this.#options.entropy);
    this.#options.onOpened();
    for (const letIn of this.#waiting) letIn();
  }

  /** Resolves when one may go on; at once, unless the store fails. */
  async pass(signal: AbortSignal): Promise<void> {
    if (this.#failure === null || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const letIn = () => {
        this.#waiting.delete(letIn);
        signal.removeEventListener('abort', letIn);
        resolve();
      };
      this.#waiting.add(letIn);
      signal.addEventListener('abort', letIn, { once: true });
      this.#tryLater();
    });
  }

  #tryLater(): void {
    if (this.#isTiming || this.#waiting.size === 0) return;
    const { clock, signal } = this.#options;
    this.#isTiming = true;
    const waitMs = TRY_LEAST_MS + this.#backOff.nextMs(clock.nowMonotonicMs());
    void clock.sleep(waitMs, signal).then(() => {
      this.#isTiming = false;
      if (this.#failure === null || signal.aborted) return;
      // It may have nothing to store: then the next one tries after another wait.
      this.#waiting.values().next().value?.();
      this.#tryLater();
    });
  }
}
