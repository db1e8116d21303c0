// The states that a session goes through, for whoever wants to show them.
//
//   opening ──▶ (pairing) ──▶ ready ◀──▶ reading ──▶ closed
import type { Clock } from '../world/world.ts';
import { Inbox } from './inbox.ts';

/** 'pairing': a person compares digits. 'closed': for whatever reason, for good. */
export type SessionState = 'opening' | 'pairing' | 'ready' | 'reading' | 'closed';

export class SessionStates {
  #current: SessionState = 'opening';
  readonly #watchers = new Set<Inbox<SessionState>>();
  readonly #clock: Clock;
  readonly #onState: ((state: SessionState) => void) | undefined;

  constructor(clock: Clock, onState?: (state: SessionState) => void) {
    this.#clock = clock;
    this.#onState = onState;
    onState?.(this.#current);
  }

  get current(): SessionState {
    return this.#current;
  }

  /** What is closed stays closed. */
  set(state: SessionState): void {
    if (state === this.#current || this.#current === 'closed') return;
    this.#current = state;
    this.#onState?.(state);
    for (const watcher of this.#watchers) tell(watcher, state);
  }

  /** The state now, and again whenever it changes; one that nobody took before the next is passed over. Ends behind 'closed', or on abort. */
  async *watch(signal?: AbortSignal): AsyncGenerator<SessionState> {
    const watcher = new Inbox<SessionState>(1);
    watcher.push(this.#current);
    this.#watchers.add(watcher);
    try {
      for (;;) {
        const state = await watcher.next(this.#clock, null, signal);
        if (state === null) return;
        yield state;
        if (state === 'closed') return;
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }
}

function tell(watcher: Inbox<SessionState>, state: SessionState): void {
  if (watcher.push(state)) return;
  watcher.dropOldest();
  watcher.push(state);
}
