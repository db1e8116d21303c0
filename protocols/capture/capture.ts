// What a capture holds, in memory. FORMAT.md says how it stands in a file.

export type CaptureSide = 'host' | 'device';

export interface CaptureHeader {
  /** Where it was taken: packets from the other side are those that arrived here. */
  readonly side: CaptureSide;
  /** ble, uart, tcp, pty, simulator: whatever carried the packets. */
  readonly bearer: string;
}

interface Stamped {
  /** Microseconds since the capture began; never less than in the entry before. */
  readonly tUs: number;
}

/** As the bearer carried it, before anybody looked at it. */
export interface PacketEntry extends Stamped {
  readonly kind: 'packet';
  readonly from: CaptureSide;
  readonly bytes: Uint8Array;
}

/** A whole message, where packets are not to be had. Of a sealed one the size is enough. */
export interface MessageEntry extends Stamped {
  readonly kind: 'message';
  readonly from: CaptureSide;
  /** Null on links without channels. */
  readonly channel: number | null;
  readonly size: number;
  readonly bytes: Uint8Array | null;
}

/** Something that is no packet: connected, MTU changed, link lost. */
export interface EventEntry extends Stamped {
  readonly kind: 'event';
  readonly text: string;
}

export type CaptureEntry = PacketEntry | MessageEntry | EventEntry;

export const CAPTURE_VERSION = 1;
/** A frame is the longest thing that is carried in one piece. */
export const CAPTURE_BYTES_MAX = 16_453;
export const CAPTURE_TEXT_MAX = 200;
export const CAPTURE_BEARER_MAX = 32;
/** Two digits a byte, and what stands around them. */
export const CAPTURE_LINE_MAX = 33_280;
export const CAPTURE_ENTRIES_MAX = 1_000_000;
