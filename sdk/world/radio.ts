// A Bluetooth LE radio as the SDK sees it: who is there, connect, read, write, listen. `link/bluez` is the real one on Linux; tests bring
// their own. Addresses are "C0:FF:EE:00:00:01", UUIDs 128 bits in lower case ("0000180d-0000-1000-8000-00805f9b34fb"). Every promise
// settles: by its deadline, when `signal` aborts, or with the radio.

/** 'absent': no Bluetooth service or no such adapter; it may come back. 'off': there, and switched off or blocked. */
export type RadioState = 'ready' | 'off' | 'absent';

export interface Advertisement {
  readonly address: string;
  readonly name: string | null;
  /** dBm; null when the radio does not know. */
  readonly rssiDbm: number | null;
  /** Services it announces, 128-bit UUIDs. */
  readonly services: readonly string[];
  /** Bonded with this machine. */
  readonly isPaired: boolean;
}

/** How long one call may take; its default is stated where it is used. */
export interface Patience {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface ScanOptions {
  /** Only who announces one of these. */
  readonly services?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface ConnectOptions extends Patience {
  /** Connected means: these services are there. */
  readonly services?: readonly string[];
}

/** What a person is asked while pairing. */
export type PairingQuestion =
  | { readonly kind: 'confirm'; readonly digits: string } // the same six digits on the device?
  | { readonly kind: 'show'; readonly digits: string } // type these at the device
  | { readonly kind: 'enter' } // type what the device shows
  | { readonly kind: 'allow' }; // nothing to compare: may it pair at all?

export interface PairOptions extends Patience {
  /** True or the digits: yes. False or null: no. Absent: only `allow` is answered, with yes. */
  readonly answer?: (question: PairingQuestion) => Promise<boolean | string | null>;
}

/** A characteristic by the service that holds it. */
export interface GattAddress {
  readonly service: string;
  readonly characteristic: string;
}

/** Flat over any number of reconnects. */
export interface RadioCounts {
  readonly matchRules: number;
  readonly listeners: number;
  readonly callsInFlight: number;
  readonly connections: number;
  readonly reconnects: number;
  /** Notifications handed to nobody, or dropped because nobody took them in time. */
  readonly dropped: number;
}

export interface Radio extends AsyncDisposable {
  /** For people: "hci0". */
  readonly name: string;
  readonly state: RadioState;
  readonly counts: RadioCounts;
  /** The state now, and again whenever it changes. Ends when `signal` aborts or the radio is closed. */
  states(signal?: AbortSignal): AsyncIterable<RadioState>;
  /** Who is heard, again when something about them changes. Ends when `signal` aborts. Errors: `radio-absent`, `radio-off`. */
  scan(options?: ScanOptions): AsyncIterable<Advertisement>;
  /** One at a time per radio; a scan pauses meanwhile. Errors: `link-timeout`, `link-open`, `radio-absent`, `radio-off`. Default deadline 30 s. */
  connect(address: string, options?: ConnectOptions): Promise<RadioPeer>;
  /** Bonds the devices. Errors: `pairing-failed`, `link-timeout`. Default deadline 60 s. */
  pair(address: string, options?: PairOptions): Promise<void>;
  /** Forgets the bond and what is known of its services. */
  forget(address: string, patience?: Patience): Promise<void>;
  close(): Promise<void>;
}

/** A connected device. Nothing of it works any more once `gone` has aborted; connect again for a new one. */
export interface RadioPeer extends AsyncDisposable {
  readonly address: string;
  readonly name: string | null;
  /** ATT MTU; null where the radio does not tell. It may change. */
  readonly attMtu: number | null;
  readonly services: readonly string[];
  /** Aborts when the connection is gone; its reason is a `MaiboError`. */
  readonly gone: AbortSignal;
  has(at: GattAddress): boolean;
  /** Errors: `link-lost`, `link-timeout`, `radio-refused`. Default deadline 10 s, for `write` too. */
  read(at: GattAddress, patience?: Patience): Promise<Uint8Array>;
  /** 'request' waits for the device's answer, 'command' does not. In order per characteristic. */
  write(at: GattAddress, bytes: Uint8Array, how: 'request' | 'command', patience?: Patience): Promise<void>;
  /** Notifications and indications from here on, each in its own memory, until it is closed or the device is gone (`link-lost`). */
  listen(at: GattAddress, patience?: Patience): Promise<Notifications>;
  close(): Promise<void>;
}

export interface Notifications extends AsyncDisposable, AsyncIterable<Uint8Array> {
  close(): Promise<void>;
}
