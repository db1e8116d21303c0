// What all sessions of one device share: one handshake at a time, counts for a rate limit, and the pairing window.

import { HANDSHAKE_MS_MAX, PAIRING_MS_MAX, SAS_TRIES_MAX } from './session-types.ts';

export interface HandshakeCounts {
  readonly started: number;
  readonly completed: number;
  /** Refused or given up, since the last one that completed: what a caller slows down by. */
  readonly failedInRow: number;
}

export class DeviceGate {
  #started = 0;
  #completed = 0;
  #failedInRow = 0;
  /** The handshake that runs, and since when; a session that is dropped without `close` blocks nobody for longer than a handshake lasts. */
  #running: { readonly owner: object; readonly untilMs: number } | null = null;
  #pairingUntilMs = Number.NEGATIVE_INFINITY;
  #sasTries = 0;

  get counts(): HandshakeCounts {
    return { started: this.#started, completed: this.#completed, failedInRow: this.#failedInRow };
  }

  /** What a person asks for at the device: for a limited time, XX is answered. */
  openPairing(nowMs: number): void {
    this.#pairingUntilMs = nowMs + PAIRING_MS_MAX;
    this.#sasTries = 0;
  }

  closePairing(): void {
    this.#pairingUntilMs = Number.NEGATIVE_INFINITY;
  }

  isPairing(nowMs: number): boolean {
    return nowMs < this.#pairingUntilMs && this.#sasTries < SAS_TRIES_MAX;
  }

  /**
   * Just before digits can be known to the other side. Every reveal counts, also one whose session then breaks off: whoever stands in
   * the middle sees before any person whether the digits will match, and would break off those that do not. False: no more tries.
   */
  countReveal(nowMs: number): boolean {
    if (!this.isPairing(nowMs)) return false;
    this.#sasTries += 1;
    return true;
  }

  /** False while the handshake of another session runs. */
  begin(owner: object, nowMs: number): boolean {
    if (this.#running !== null && this.#running.owner !== owner && nowMs < this.#running.untilMs) return false;
    this.#running = { owner, untilMs: nowMs + HANDSHAKE_MS_MAX };
    this.#started += 1;
    return true;
  }

  /** `isReady`: the peer has proved itself. Pairing ends with the first host that did. */
  end(owner: object, isReady: boolean): void {
    if (this.#running?.owner === owner) this.#running = null;
    if (isReady) {
      this.#completed += 1;
      this.#failedInRow = 0;
      return;
    }
    this.#failedInRow += 1;
  }
}
