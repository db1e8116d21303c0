// What a session says to its caller, and the limits it keeps.

import type { PatternName } from '../noise/patterns.ts';

/**
 * hello: no hello seen yet · handshake: hello sent or answered · sas: six digits are being compared (after XX) ·
 * confirm: the device waits for proof that the host is live (after KK, IKpsk2) · ready · closed.
 */
export type SessionState = 'hello' | 'handshake' | 'sas' | 'confirm' | 'ready' | 'closed';

export type CloseCode =
  | 'unsupported-version' // no version in common
  | 'no-pattern' // the two sides have no way to trust each other (not paired, not in pairing mode)
  | 'unknown-device' // host: the device that answered is none of those it knows
  | 'unknown-peer' // device: no allowed host sent this
  | 'busy' // device: a handshake is running on another link
  | 'handshake-failed' // a handshake message did not open: wrong key, wrong psk, a changed hello, a damaged message
  | 'protocol' // a message that has no place here
  | 'open-failed' // a sealed message did not open: changed, replayed, out of order, of another channel or session
  | 'sas-mismatch' // the revealed number is not the one committed to
  | 'sas-refused' // a person said that the digits differ
  | 'timed-out' // the handshake took too long
  | 'expired' // the session is 24 h old; reconnect
  | 'closed-here'; // the caller closed it

export type SessionEvent =
  /** Keys are agreed. After XX the peer is not trusted before `ready`: do not store its key yet. */
  | {
      readonly kind: 'handshake';
      readonly pattern: PatternName;
      readonly peerKey: Uint8Array;
      readonly handshakeHash: Uint8Array;
    }
  /** Show these six digits; then call `decideSas` with what the person says. */
  | { readonly kind: 'sas'; readonly digits: string }
  /** The peer is who it should be. After XX and IKpsk2: now store `peerKey`. */
  | {
      readonly kind: 'ready';
      readonly version: number;
      readonly capabilities: readonly number[];
      readonly pattern: PatternName;
      readonly peerKey: Uint8Array;
    }
  | { readonly kind: 'message'; readonly channel: number; readonly bytes: Uint8Array }
  /** Nothing more comes or goes. `detail` is for people and logs; it holds no key and no content. */
  | { readonly kind: 'closed'; readonly code: CloseCode; readonly detail: string };

export interface Outgoing {
  readonly channel: number;
  readonly bytes: Uint8Array;
}

export interface SessionOutput {
  readonly sends: readonly Outgoing[];
  readonly events: readonly SessionEvent[];
}

/** What the handshake gives. */
export interface Established {
  readonly version: number;
  readonly capabilities: readonly number[];
  readonly pattern: PatternName;
  readonly peerKey: Uint8Array;
  readonly handshakeHash: Uint8Array;
  readonly sendKey: Uint8Array;
  readonly receiveKey: Uint8Array;
}

export type HandshakeStep =
  | { readonly kind: 'go-on'; readonly send: Uint8Array }
  | { readonly kind: 'done'; readonly send: Uint8Array | null; readonly established: Established }
  | { readonly kind: 'refused'; readonly code: CloseCode; readonly detail: string; readonly send: Uint8Array | null };

/** One side of hello and Noise: clear messages in, clear messages out. */
export interface Handshake {
  receive(bytes: Uint8Array, nowMs: number): HandshakeStep;
}

/** Random bytes of cryptographic quality; a session takes a few dozen. */
export type RandomBytes = (count: number) => Uint8Array;

export const CHANNEL_COUNT = 16;
export const CONTROL_CHANNEL = 0;
/** SPEC.md, "Limits": a message on the wire, tag included. */
export const SEALED_BYTES_MAX = 16_383;
/** No handshake message is longer. */
export const CLEAR_BYTES_MAX = 256;
export const HANDSHAKE_MS_MAX = 10_000;
/** People read slowly, and look for the other screen first. */
export const SAS_MS_MAX = 120_000;
export const SESSION_MS_MAX = 24 * 3_600_000;
/** Messages per channel and direction under one key. */
export const REKEY_MESSAGES = 2 ** 14;
/** Hosts a device allows: each costs it one trial per KK handshake. */
export const ALLOWED_HOSTS_MAX = 8;
/** Reveals in one pairing window: each is a chance of 10^-6 for whoever stands in the middle. */
export const SAS_TRIES_MAX = 3;
export const PAIRING_MS_MAX = 120_000;
/** The code of the bye that ends a session by age. */
export const BYE_EXPIRED = 2;

export function refuse(code: CloseCode, detail: string, send: Uint8Array | null = null): HandshakeStep {
  return { kind: 'refused', code, detail, send };
}
