// All uncertainty enters the SDK here: time, chance, radio, disk, keys and network are interfaces. `node-*.ts` beside this file
// are the real ones; the simulator brings its own, so the code on the data path runs unchanged in both.

export type ClockSource = 'lab' | 'system' | 'ntp';

export interface Clock {
  /** What the time rests on; goes into every clock record. */
  readonly source: ClockSource;
  /** Half-width of the error of `nowUtcUs`, microseconds. */
  readonly uncertaintyUs: number;
  /** UTC, microseconds since 1970. */
  nowUtcUs(): number;
  /** Never runs backwards; only differences mean something. */
  nowMonotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Entropy {
  bytes(count: number): Uint8Array;
}

/** A connection that carries bytes both ways and may lose or damage them. */
export interface Link {
  /** For people: "serial /dev/ttyACM0", "ble C0:FF:EE:00:00:01", "memory". */
  readonly name: string;
  /**
   * What travels. A wire carries bytes: who needs to know where something begins and ends puts frames around it. A radio carries packets: each
   * chunk is what one `write` at the other end was given, whole, or it does not arrive.
   */
  readonly carries: 'bytes' | 'packets';
  /** Longest packet to send; null for a link of bytes. It may change while the link is open (a radio agrees on more). */
  readonly packetBytesMax: number | null;
  /** Chunks as they arrive, each in its own memory. Ends when the link is closed; throws `link-lost` when it goes away. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Resolves when the bytes are handed on, which is no proof of delivery. Throws `link-lost`. */
  write(bytes: Uint8Array): Promise<void>;
  /** May be called more than once. */
  close(): Promise<void>;
}

/** Signs for one identity. `keyId` is the first 16 bytes of SHA-256 over the public key. */
export interface Signer {
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

export type UplinkAnswer =
  | { readonly outcome: 'stored' | 'known'; readonly receipt: Uint8Array }
  | { readonly outcome: 'conflict' | 'refused' | 'predecessor-missing'; readonly detail: string };

/** The way to a platform. Throws `platform-unreachable` when no answer comes. */
export interface Uplink {
  putSegment(sha256Hex: string, bytes: Uint8Array, signal?: AbortSignal): Promise<UplinkAnswer>;
}

export type SqlValue = number | bigint | string | Uint8Array | null;
export type SqlRow = readonly SqlValue[];

/** As much of SQL as the store needs: synchronous, one connection, rows as arrays. */
export interface SqlStatement {
  run(...values: SqlValue[]): { changes: number };
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
}

export interface SqlDatabase {
  prepare(sql: string): SqlStatement;
  exec(sql: string): void;
  close(): void;
}
