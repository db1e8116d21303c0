// Refusals in the words of the Bluetooth service (BlueZ, src/error.c and src/gatt-client.c).
import { DBusError } from '@jellybrick/dbus-next';

export type Refusal = keyof typeof TEXTS;

const TEXTS = {
  Failed: 'Operation failed',
  NotReady: 'Resource Not Ready',
  InProgress: 'Operation already in progress',
  InvalidArguments: 'Invalid arguments in method call',
  AlreadyExists: 'Already Exists',
  DoesNotExist: 'Does Not Exist',
  NotConnected: 'Not Connected',
  NotSupported: 'Operation is not supported',
  NotPermitted: 'Operation is not permitted',
  NotAuthorized: 'Operation Not Authorized',
  AuthenticationFailed: 'Authentication Failed',
  AuthenticationCanceled: 'Authentication Canceled',
  AuthenticationRejected: 'Authentication Rejected',
  AuthenticationTimeout: 'Authentication Timeout',
} as const;

export function refused(name: Refusal, text: string = TEXTS[name]): DBusError {
  return new DBusError(`org.bluez.Error.${name}`, text);
}

export const notConnected = () => refused('Failed', 'Not connected');
/** What a connection ends in that was not to be: no answer from the device, or a disconnect meanwhile. */
export const abortedLocally = () => refused('Failed', 'le-connection-abort-by-local');
