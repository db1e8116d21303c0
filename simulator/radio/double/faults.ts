// What can go wrong on the air. A set of faults belongs to one peripheral (by its adapter); all of them are off to begin with.

export interface Faults {
  /** Before the answer to each read, write and subscription, and before each notification is passed on. */
  readonly latencyMs: number;
  /** Before the answer to a write request. */
  readonly writeMs: number;
  /** Between a connect and its answer. */
  readonly connectMs: number;
  /** 'never': Connect gets no answer at all. 'time-out': it fails after a while, as when the device has gone. */
  readonly connect: 'works' | 'never' | 'time-out';
  /** 'before-services': ServicesResolved is true before there is a service to see. */
  readonly resolve: 'works' | 'never' | 'before-services';
  readonly resolveMs: number;
  /** Connected becomes true and nobody is told, as bluetoothd does at some first connections. */
  readonly isConnectSilent: boolean;
  /** What pairing asks of the person at the gateway. */
  readonly pairing: 'just-works' | 'confirm' | 'show' | 'enter' | 'allow' | 'refuse';
  /** Share of notifications that change places with the next one. */
  readonly swapShare: number;
  /** Instead of the name it announces. */
  readonly name: string | null;
  /** The link drops in place of the n-th notification, and of the n-th write, from now on; a write then gets no answer of the device. */
  readonly dropAtNotification: number | null;
  readonly dropAtWrite: number | null;
  /** The next call of this method on the device or its characteristics is refused. */
  readonly refuseOnce: { readonly member: string; readonly error: string; readonly text: string } | null;
}

export const NO_FAULTS: Faults = {
  latencyMs: 0,
  writeMs: 0,
  connectMs: 5,
  connect: 'works',
  resolve: 'works',
  resolveMs: 10,
  isConnectSilent: false,
  pairing: 'just-works',
  swapShare: 0,
  name: null,
  dropAtNotification: null,
  dropAtWrite: null,
  refuseOnce: null,
};
