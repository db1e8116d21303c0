// What D-Bus and BlueZ answer with, in the SDK's own codes.
//
// Most of it is told by the error's name. Two things BlueZ tells in its text only, under org.bluez.Error.Failed: that the connection is
// gone, and that its own side called a connect off. Both are taken from its sources (src/gatt-client.c, src/device.c, src/error.h).
import { MaiboError, type MaiboErrorCode } from '../../errors.ts';

/** An answer of type ERROR. */
export class BusError extends Error {
  readonly errorName: string;

  constructor(errorName: string, text: string) {
    super(text === '' ? errorName : `${errorName}: ${text}`);
    this.name = 'BusError';
    this.errorName = errorName;
  }
}

export function isBusError(thrown: unknown, ...names: string[]): thrown is BusError {
  return thrown instanceof BusError && names.includes(thrown.errorName);
}

/** It was begun before, by us or by another client. */
export const isInProgress = (thrown: unknown) => isBusError(thrown, 'org.bluez.Error.InProgress');

/** The object is not there (any more). */
export const isMissing = (thrown: unknown) =>
  isBusError(
    thrown,
    'org.freedesktop.DBus.Error.UnknownMethod',
    'org.freedesktop.DBus.Error.UnknownObject',
    'org.freedesktop.DBus.Error.UnknownInterface',
    'org.bluez.Error.DoesNotExist',
  );

/** The connection to the device is gone: its objects are, or BlueZ says so while they still stand. */
export const isNotConnected = (thrown: unknown) =>
  isMissing(thrown) ||
  isBusError(thrown, 'org.bluez.Error.NotConnected') ||
  (isBusError(thrown, 'org.bluez.Error.Failed') && /: Not connected$/i.test(thrown.message));

/** A connect that BlueZ called off itself, mostly because its own scan got in the way: asking again helps. */
export const isAbortedByLocal = (thrown: unknown) =>
  thrown instanceof BusError && /(le-)?connection-abort-by-local/.test(thrown.message);

/** bluetoothd itself is gone, or was never there. */
const isServiceGone = (thrown: unknown) =>
  isBusError(
    thrown,
    'org.freedesktop.DBus.Error.ServiceUnknown',
    'org.freedesktop.DBus.Error.NameHasNoOwner',
    'org.freedesktop.DBus.Error.NoReply',
    'org.freedesktop.DBus.Error.Disconnected',
  );

const HINTS: Readonly<Partial<Record<string, string>>> = {
  'org.freedesktop.DBus.Error.AccessDenied':
    'the D-Bus policy keeps this user out: allow send_destination="org.bluez", or join the group bluetooth',
  'org.bluez.Error.NotPermitted': 'the characteristic does not offer this',
  'org.bluez.Error.NotAuthorized': 'pair with the device first',
};

/** The error to throw, in the words of what was tried. What is ours already stays as it is. */
export function radioError(thrown: unknown, code: MaiboErrorCode, message: string, where: string): unknown {
  if (thrown instanceof MaiboError || !(thrown instanceof Error) || thrown.name === 'AbortError') return thrown;
  const hint = thrown instanceof BusError ? HINTS[thrown.errorName] : undefined;
  const details = { where, cause: thrown, ...(hint !== undefined && { hint }) };
  if (isBusError(thrown, 'org.bluez.Error.NotReady')) return new MaiboError('radio-off', 'the radio is off', details);
  if (isServiceGone(thrown)) return new MaiboError('radio-absent', 'the Bluetooth service went away', details);
  return new MaiboError(code, `${message}: ${thrown.message}`, details);
}
