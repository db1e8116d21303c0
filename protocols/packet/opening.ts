// How two ends agree that they begin anew. Each names its beginning with a nonce and is open once the other has said that nonce back.
//
//  begin  (own, 0, ASK)        ──▶
//                             ◀──  (own', own, ASK)      heard you: say mine back
//         (own, own')          ──▶                       open on both sides
//
// While a link is open, a beginning with a new nonce is first challenged with a nonce nobody has seen: an old RESET that comes late, or
// comes twice, cannot answer and clears nothing.

import { sameBytes } from '../same-bytes.ts';
import { encodeReset, NONCE_BYTES, PACKET_VERSION, type ResetPacket } from './packet-codec.ts';

/** The first wait for an answer; each later one is twice as long, up to the last. */
const BEGIN_AGAIN_MS = 250;
const BEGIN_AGAIN_MAX_MS = 4_000;
/** A challenge that is not answered by then was about a RESET of old. */
const CHALLENGES_MAX = 12;
/** Its waits grow no longer than this: at a loss of a fifth both ways all are in vain five times in a million. */
const CHALLENGE_AGAIN_MAX_MS = 1_000;

export interface Offer {
  readonly window: number;
  readonly messageBytesMax: number;
}

/** 'open': both ends begin at packet 0 with what the other offers. */
export type Opened = { readonly event: 'open'; readonly peer: Offer } | null;

interface Challenge {
  readonly own: Uint8Array;
  readonly peer: Uint8Array;
  count: number;
}

export class Opening {
  readonly #offer: Offer;
  readonly #nonceOf: () => Uint8Array;
  #own: Uint8Array;
  #peer: Uint8Array | null = null;
  #challenge: Challenge | null = null;
  #isOpen = false;
  #answers: Uint8Array[] = [];
  #askAtMs = 0;
  #waitMs = BEGIN_AGAIN_MS;

  /** `entropy` gives that many random bytes. */
  constructor(offer: Offer, entropy: (count: number) => Uint8Array) {
    this.#offer = offer;
    this.#nonceOf = () => nonZero(entropy(NONCE_BYTES));
    this.#own = this.#nonceOf();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** While this is true, data may belong to the link before or to the one to come, so none is sent or taken: what is lost goes again. */
  get isInDoubt(): boolean {
    return !this.#isOpen || this.#challenge !== null;
  }

  get deadlineMs(): number | null {
    if (this.#answers.length > 0) return Number.NEGATIVE_INFINITY;
    return this.isInDoubt ? this.#askAtMs : null;
  }

  next(nowMs: number): Uint8Array | null {
    const answer = this.#answers.shift();
    if (answer !== undefined) return answer;
    if (!this.isInDoubt || nowMs < this.#askAtMs) return null;
    this.#askAtMs = nowMs + this.#waitMs;
    const mostMs = this.#challenge === null ? BEGIN_AGAIN_MAX_MS : CHALLENGE_AGAIN_MAX_MS;
    this.#waitMs = Math.min(mostMs, 2 * this.#waitMs);
    if (this.#challenge === null) return this.#say(this.#own, this.#peer, true);
    if (++this.#challenge.count <= CHALLENGES_MAX) return this.#say(this.#challenge.own, this.#challenge.peer, true);
    this.#challenge = null;
    return this.#isOpen ? null : this.next(nowMs);
  }

  take(reset: ResetPacket, nowMs: number): Opened {
    if (reset.version !== PACKET_VERSION) return null;
    if (isZero(reset.peerNonce)) return this.#begin(reset, nowMs);
    if (sameBytes(reset.peerNonce, this.#own)) return this.#answered(reset);
    const challenge = this.#challenge;
    if (challenge === null || !sameBytes(reset.peerNonce, challenge.own) || !sameBytes(reset.nonce, challenge.peer))
      return null;
    this.#own = challenge.own;
    this.#challenge = null;
    return this.#open(reset);
  }

  #begin(reset: ResetPacket, nowMs: number): null {
    if (!this.#isOpen) {
      this.#peer = reset.nonce;
      this.#askNow(nowMs);
    } else if (this.#peer !== null && sameBytes(reset.nonce, this.#peer)) {
      // Its beginning came late: it is open by now.
    } else if (this.#challenge === null || !sameBytes(this.#challenge.peer, reset.nonce)) {
      this.#challenge = { own: this.#nonceOf(), peer: reset.nonce, count: 0 };
      this.#askNow(nowMs);
    }
    return null;
  }

  #askNow(nowMs: number): void {
    this.#askAtMs = nowMs;
    this.#waitMs = BEGIN_AGAIN_MS;
  }

  #answered(reset: ResetPacket): Opened {
    if (!this.#isOpen) return this.#open(reset);
    if (reset.asks && this.#peer !== null && sameBytes(reset.nonce, this.#peer)) this.#reassure();
    return null;
  }

  #open(reset: ResetPacket): Opened {
    this.#isOpen = true;
    this.#peer = reset.nonce;
    if (reset.asks) this.#reassure();
    return { event: 'open', peer: { window: reset.window, messageBytesMax: reset.messageBytesMax } };
  }

  #reassure(): void {
    if (this.#answers.length === 0) this.#answers.push(this.#say(this.#own, this.#peer, false));
  }

  #say(nonce: Uint8Array, peerNonce: Uint8Array | null, asks: boolean): Uint8Array {
    const { window, messageBytesMax } = this.#offer;
    const peer = peerNonce ?? new Uint8Array(NONCE_BYTES);
    return encodeReset({ asks, version: PACKET_VERSION, window, messageBytesMax, nonce, peerNonce: peer });
  }
}

function nonZero(nonce: Uint8Array): Uint8Array {
  return isZero(nonce) ? Uint8Array.of(0, 0, 0, 1) : nonce;
}

function isZero(nonce: Uint8Array): boolean {
  return nonce.every((byte) => byte === 0);
}
