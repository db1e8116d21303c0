// Looks after one place where a device may be: a port, or an address on the air. Visits it again and again, waits longer the more often
// that fails, and keeps what goes wrong there to itself.
import { isMaiboError } from '../errors.ts';
import { BackOff } from '../link/back-off.ts';
import type { Clock, Entropy } from '../world/world.ts';
import { type DeviceLog, failureFields } from './device-log.ts';
import type { StateCounts, SupervisorState } from './device-states.ts';
import type { LogFields } from './gateway-world.ts';
import type { StoreGate } from './store-gate.ts';

/** One call on a device, from looking for it to its going away. */
export interface Visit {
  readonly signal: AbortSignal;
  readonly log: DeviceLog;
  enter(state: 'waiting' | 'connecting' | 'handshake' | 'collecting'): void;
}

/**
 * Where a device may be. `visit` ends when it has gone or has nothing more to say, throws what went wrong, and leaves nothing open; it gives for how
 * many milliseconds at least nothing new is to be had there.
 */
export interface Place {
  /** For logs: "serial[0]". */
  readonly name: string;
  /** Goes with every line of its log, where the device is known beforehand. */
  readonly fields: LogFields;
  visit(visit: Visit): Promise<number>;
  /** Resolves when another device may be there than the one that was refused; absent: that never shows. */
  changed?(signal: AbortSignal): Promise<void>;
}

export interface SupervisorOptions {
  readonly place: Place;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly gate: StoreGate;
  readonly log: DeviceLog;
  readonly states: StateCounts;
  /** The gateway stops. */
  readonly signal: AbortSignal;
  readonly onReconnect: () => void;
  readonly onFailure: (code: string) => void;
}

type Outcome = { readonly thrown: unknown } | { readonly leastMs: number };

/** Trying again will not change these soon. */
const REFUSALS = [
  'device-unknown',
  'device-refused',
  'device-forked',
  'pairing-failed',
  'key-unsafe',
  'evidence-bad',
] as const;
const REFUSED_LEAST_MS = 30_000;
const REFUSED_FIRST_MS = 60_000;
const REFUSED_MOST_MS = 3_600_000;

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #backOff: BackOff;
  readonly #refusedBackOff: BackOff;
  #state: SupervisorState | null = null;
  #visits = 0;
  #visiting: AbortController | null = null;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.entropy);
    this.#refusedBackOff = new BackOff(options.entropy, { firstMs: REFUSED_FIRST_MS, mostMs: REFUSED_MOST_MS });
  }

  get state(): SupervisorState | null {
    return this.#state;
  }

  /** Until the gateway stops. `startMs`: a thousand places do not begin in one moment, each has its own. Never rejects. */
  async run(startMs: number): Promise<void> {
    const { clock, gate, log, signal } = this.#options;
    this.#enter('waiting');
    await clock.sleep(startMs, signal);
    while (!signal.aborted) {
      log.unbind();
      this.#enter('waiting');
      const wasClosed = gate.failure !== null;
      await gate.pass(signal);
      if (wasClosed) await clock.sleep(startMs, signal); // nor do they all come back in one
      if (signal.aborted) break;
      const outcome = await this.#visit();
      if (!signal.aborted) await this.#rest(outcome);
    }
    this.#enter(null);
  }

  /** Ends the visit that is under way, as if the device had gone. */
  interrupt(): void {
    this.#visiting?.abort();
  }

  async #visit(): Promise<Outcome> {
    const { place, log, signal } = this.#options;
    const stop = new AbortController();
    const onStop = () => stop.abort();
    signal.addEventListener('abort', onStop, { once: true });
    this.#visiting = stop;
    try {
      return { leastMs: await place.visit({ signal: stop.signal, log, enter: (state) => this.#enter(state) }) };
    } catch (thrown) {
      return stop.signal.aborted ? { leastMs: 0 } : { thrown };
    } finally {
      this.#visiting = null;
      signal.removeEventListener('abort', onStop);
    }
  }

  async #rest(outcome: Outcome): Promise<void> {
    const { gate, clock, log, signal, onFailure } = this.#options;
    if ('thrown' in outcome) {
      const { thrown } = outcome;
      onFailure(isMaiboError(thrown) ? thrown.code : 'internal');
      // The store's fault is told once, by the gate; this place goes on when that opens.
      if (gate.fail(thrown)) return;
      if (isMaiboError(thrown, ...REFUSALS)) return await this.#restRefused(thrown);
      log.say(isMaiboError(thrown) ? 'info' : 'error', 'visit failed', failureFields(thrown));
    }
    this.#enter('backing-off');
    const leastMs = 'thrown' in outcome ? 0 : outcome.leastMs;
    await clock.sleep(leastMs + this.#backOff.nextMs(clock.nowMonotonicMs()), signal);
  }

  async #restRefused(thrown: unknown): Promise<void> {
    const { place, clock, log, signal } = this.#options;
    const waitMs = REFUSED_LEAST_MS + this.#refusedBackOff.nextMs(clock.nowMonotonicMs());
    log.say('warn', 'device refused', { ...failureFields(thrown), waitMs });
    this.#enter('refused');
    const enough = new AbortController();
    const onStop = () => enough.abort();
    signal.addEventListener('abort', onStop, { once: true });
    const others = place.changed === undefined ? [] : [place.changed(enough.signal)];
    await Promise.race([clock.sleep(waitMs, enough.signal), ...others]);
    enough.abort();
    signal.removeEventListener('abort', onStop);
  }

  #enter(state: SupervisorState | null): void {
    if (state === this.#state) return;
    const { states, clock, log, onReconnect } = this.#options;
    states.move(this.#state, state);
    this.#state = state;
    if (state !== null) log.say('debug', 'state', { state });
    if (state === 'collecting') {
      this.#backOff.up(clock.nowMonotonicMs());
      this.#refusedBackOff.up(clock.nowMonotonicMs());
      if (this.#visits++ > 0) onReconnect();
    }
  }
}
