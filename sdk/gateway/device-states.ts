// The states of one supervised place, and how many places are in each.
//
//   waiting ──it is there──▶ connecting ──link──▶ handshake ──known, trusted──▶ collecting
//      ▲                         │                    │                            │
//      │                         └───────── failed, lost, over ────────────────────┤
//      ├◀──── wait 0..60 s ──── backing-off ◀──────────────────────────────────────┤
//      └◀── wait 30 s..1 h ──── refused ◀──────── unknown, forked, lies ───────────┘

export const SUPERVISOR_STATES = [
  'waiting',
  'connecting',
  'handshake',
  'collecting',
  'backing-off',
  'refused',
] as const;
export type SupervisorState = (typeof SUPERVISOR_STATES)[number];

export class StateCounts {
  readonly #counts = new Map<SupervisorState, number>(SUPERVISOR_STATES.map((state) => [state, 0]));

  /** Null: it was in none, or is in none any more. */
  move(from: SupervisorState | null, to: SupervisorState | null): void {
    if (from !== null) this.#counts.set(from, this.of(from) - 1);
    if (to !== null) this.#counts.set(to, this.of(to) + 1);
  }

  of(state: SupervisorState): number {
    return this.#counts.get(state) ?? 0;
  }
}
