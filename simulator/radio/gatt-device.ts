// A device on the air as a table and a behaviour, whoever carries it: a peripheral over D-Bus (`peripheral/`), or memory (`memory-radio.ts`).
import type { Clock, GattAddress } from '@maibo/sdk';

export type GattFlag = 'read' | 'write' | 'write-without-response' | 'notify' | 'indicate';

/** Who is at the other end, as far as the carrier tells. */
export interface Central {
  /** The same for all calls of one connection. */
  readonly id: string;
  /** ATT MTU; null where the carrier does not tell. */
  readonly mtu: number | null;
}

/** A device says no: an error of the application, 0x80..0x9f (Bluetooth Core, Vol 3, Part F, 3.4.1.1), or 0xfe for "already in progress". */
export class AttRefusal extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`ATT error 0x${code.toString(16)}`);
    this.code = code;
  }
}

export interface GattCharacteristicTable {
  /** 128 bits in lower case. */
  readonly uuid: string;
  readonly flags: readonly GattFlag[];
  read?(central: Central): Uint8Array;
  /** May throw an AttRefusal. */
  write?(bytes: Uint8Array, central: Central): void;
  /** A central has subscribed (it may be said once for each), or the last one has gone. */
  subscribed?(isOn: boolean): void;
}

export interface GattServiceTable {
  readonly uuid: string;
  readonly characteristics: readonly GattCharacteristicTable[];
}

/** What carries a device, as the device sees it. */
export interface GattAir {
  readonly clock: Clock;
  /** Hands a value on to whoever has subscribed; resolves when the next may follow. Indications where the flags say so. */
  notify(at: GattAddress, bytes: Uint8Array): Promise<void>;
  /** Closes the connection to whoever is there. */
  hangUp(): Promise<void>;
}

export interface GattDevice {
  /** The name it announces. */
  readonly name: string;
  /** Services it announces. */
  readonly advertises: readonly string[];
  readonly services: readonly GattServiceTable[];
  /** Lives until `signal` aborts. */
  run(air: GattAir, signal: AbortSignal): Promise<void>;
}
