// What a gateway is told to do: gateway.toml, checked, with every default filled in.
import type { ClinicKindName } from '../clinic/clinic-kinds.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type DeviceBearer = 'serial' | 'ble' | 'any';

export interface GatewayConfig {
  readonly name: string | null;
  /** Store, keys: everything the gateway keeps. */
  readonly dataFolder: string;
  readonly http: HttpConfig;
  readonly platform: PlatformConfig | null;
  readonly store: StoreConfig;
  readonly bluetooth: BluetoothConfig;
  readonly serial: readonly SerialConfig[];
  readonly devices: readonly DeviceConfig[];
  readonly clinic: readonly ClinicConfig[];
  readonly cores: CoresConfig;
  readonly logLevel: LogLevel;
}

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
}

export interface PlatformConfig {
  /** Without a slash at the end. */
  readonly url: string;
  readonly publicKey: Uint8Array;
}

export interface StoreConfig {
  /** Null: nothing is ever trimmed by age. */
  readonly retentionDays: number | null;
  /** Null: as large as the disk allows. */
  readonly bytesMax: number | null;
}

export interface BluetoothConfig {
  readonly isEnabled: boolean;
  /** "hci0"; null: the first there is. */
  readonly adapter: string | null;
}

/** One wire. Either an exact path, or a piece of a name under /dev/serial/by-id. */
export interface SerialConfig {
  readonly path: string | null;
  readonly match: string | null;
  readonly baudRate: number;
  /** Null: left as they are, as far as the system does so. */
  readonly dtr: boolean | null;
  readonly rts: boolean | null;
}

/** A Maibo device that is allowed. */
export interface DeviceConfig {
  readonly publicKey: Uint8Array;
  /** A pseudonym for logs. */
  readonly label: string | null;
  readonly bearer: DeviceBearer;
  /** Of its radio; null: it comes over a wire. */
  readonly address: string | null;
}

/** A device with standard health services that is allowed. */
export interface ClinicConfig {
  readonly address: string;
  readonly label: string | null;
  readonly kinds: readonly ClinicKindName[];
  /** Only when it is bonded with this machine: its address alone can be forged. */
  readonly needsBond: boolean;
  /** The device's clock is set to UTC plus this; null: it keeps its own. */
  readonly setTimeUtcOffsetMinutes: number | null;
}

/** Cores that do not come with Maibo, and whom they may come from. */
export interface CoresConfig {
  /** Public keys of makers. */
  readonly trustedKeys: readonly Uint8Array[];
  /** SHA-256 of modules that may run whoever sealed their package. */
  readonly allowedHashes: readonly Uint8Array[];
  /** For the engine "wasmtime"; null: the `python3` that is found. */
  readonly python: string | null;
  readonly packages: readonly CoreConfig[];
}

export interface CoreConfig {
  /** A .mcore file. */
  readonly path: string;
  readonly engine: 'v8' | 'wasmtime';
  /** Public key of the one device whose streams it gets; null: of all. */
  readonly device: Uint8Array | null;
  /** Which streams it gets; null: those that its manifest names. */
  readonly signal: 'ecg' | 'ppg' | null;
}

export const NO_CORES: CoresConfig = { trustedKeys: [], allowedHashes: [], python: null, packages: [] };
