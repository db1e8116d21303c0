// Everything uncertain that a gateway touches, as interfaces: the box brings the real ones, the simulator its own.
import type { KeyPair } from '@maibo/protocols';
import type { Store } from '../store/store.ts';
import type { Radio } from '../world/radio.ts';
import type { Clock, Entropy, Link, Signer, Uplink } from '../world/world.ts';
import type { SerialConfig } from './config-types.ts';
import type { ForeignCores } from './foreign-cores.ts';

export interface GatewayWorld {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Seals what is stored. */
  readonly signer: Signer;
  /** Shakes hands with devices. */
  readonly linkKeys: KeyPair;
  /** Hides the addresses of standard devices; another one makes every device a new one. */
  readonly pseudonymSecret: Uint8Array;
  /** Taken for writing; the gateway does not close it. */
  readonly store: Store;
  readonly serial: SerialPorts;
  /** Null where there is none to open, or none is wanted. */
  readonly openRadio: ((adapter: string | null) => Promise<Radio>) | null;
  /** Null: nothing is forwarded. */
  readonly uplink: Uplink | null;
  readonly openHttp: (host: string, port: number, answer: HttpAnswerer) => Promise<HttpListener>;
  readonly log: Log;
  /** Absent: no cores but those that come with Maibo. The gateway closes it when it stops. */
  readonly cores?: ForeignCores;
  /** Null where it cannot be known. */
  readonly disk: () => DiskSpace | null;
}

export interface SerialPorts {
  /** Names in a folder like "/dev/serial/by-id"; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Errors: `link-open`, the signal's reason. */
  open(path: string, settings: SerialConfig, signal: AbortSignal): Promise<Link>;
}

export interface DiskSpace {
  readonly freeBytes: number;
  readonly storeBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Null: there is nothing under this path. */
export type HttpAnswerer = (path: string) => Promise<HttpAnswer | null>;

export interface HttpListener {
  /** As a reader would write it: "http://127.0.0.1:9464". */
  readonly url: string;
  close(): Promise<void>;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Lines for whoever runs the box: codes, counts and pseudonyms, never an address, a person or a measurement. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
