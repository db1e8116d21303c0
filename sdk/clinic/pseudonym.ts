// A device in records without its address: the address of what somebody wears tells where they have been.
import { nodeSuite } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';

const SECRET_BYTES_MIN = 16;
const DEVICE_ID_BYTES = 16;
const PURPOSE = 'maibo clinic device 1\0';

/**
 * The 16 bytes by which records know a device: HMAC-SHA256 of its address with a secret that stays on the gateway. The same device is the same
 * at one gateway; who lacks the secret can neither find the address (there are only 2^48) nor see that two gateways met one device.
 * Errors: `config-bad` for a secret under 16 bytes.
 */
export function pseudonymOf(secret: Uint8Array, address: string): Uint8Array {
  if (secret.length < SECRET_BYTES_MIN) {
    const hint = `use ${SECRET_BYTES_MIN} random bytes or more, and keep them: a new secret makes every device a new one`;
    throw new MaiboError('config-bad', `a secret of ${secret.length} bytes hides no addresses`, { hint });
  }
  return nodeSuite
    .hmacSha256(secret, new TextEncoder().encode(PURPOSE + address.toUpperCase()))
    .slice(0, DEVICE_ID_BYTES);
}
