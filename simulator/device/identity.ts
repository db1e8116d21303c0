// Names of a virtual device and of its log's epoch, from what the log holds: the same input is the same device.
import { sha256 } from '@maibo/protocols';

export function identityOf(description: string): Uint8Array {
  return sha256(new TextEncoder().encode(`maibo-virtual-device ${description}`)).slice(0, 20);
}
