// What a session is opened and read with, and what it tells of itself.
import type { HostTrust, KeyPair, LogPosition, PacketStats } from '@maibo/protocols';
import type { Patience } from '../world/radio.ts';
import type { SessionState } from './session-states.ts';

/** One pairing of device ticks and UTC. */
export interface ClockMark {
  readonly boot: number;
  readonly ticks: number;
  readonly utcUs: number;
  readonly uncertaintyUs: number;
}

/** `deadlineMs` and `signal` are for `open`: by itself it gives up after 12 s, or 130 s where a person compares digits. */
export interface SessionOptions extends Patience {
  /** The host's own X25519 key pair. */
  readonly keys: KeyPair;
  /** Which devices it talks to. */
  readonly trust: HostTrust;
  /**
   * Six digits that a person compares with those on the device; true when they are the same. Needed for `trust.isPairing`. `signal` aborts when
   * the answer is no longer waited for.
   */
  readonly compareDigits?: (digits: string, signal: AbortSignal) => Promise<boolean>;
  /** Called with each state, the first time from within `open`. */
  readonly onState?: (state: SessionState) => void;
  readonly packetBytesMax?: number;
  readonly window?: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** `link-timeout` when nothing comes for so long; never by itself, since a device may have nothing to say. */
  readonly silenceMs?: number;
}

export interface SamplesOptions extends ReadOptions {
  /** Where to begin; the start of the log when left out. */
  readonly from?: LogPosition;
}

export interface SessionStats extends PacketStats {
  readonly receivedBytes: number;
  /** Frames that came damaged. */
  readonly badFrames: number;
}
