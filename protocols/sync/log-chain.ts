// The chain of a log: after every item a hash over all before it, and now and then the device's signature under the newest. A device that
// tells two gateways two stories has signed both.
import { createHash } from 'node:crypto';
import { encodeCbor } from '../cbor/cbor.ts';
import { verifyEd25519 } from '../security/ed25519.ts';

export const CHAIN_BYTES = 32;
/** The chain before the first item. */
export const CHAIN_START: Uint8Array = new Uint8Array(CHAIN_BYTES);

/** SHA-256 over the chain so far, the item's length (uint32 little endian) and its bytes. */
export function chainAfter(chain: Uint8Array, item: Uint8Array): Uint8Array {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, item.length, true);
  return new Uint8Array(createHash('sha256').update(chain).update(size).update(item).digest());
}

/** What a device states of one log. */
export interface ChainClaim {
  readonly device: Uint8Array;
  readonly log: number;
  readonly epoch: Uint8Array;
  /** The last item the chain covers. */
  readonly upto: number;
  readonly chain: Uint8Array;
}

/** The bytes that a checkpoint's signature is over. */
export function claimBytes({ device, log, epoch, upto, chain }: ChainClaim): Uint8Array {
  return encodeCbor(['maibo checkpoint 1', device, log, epoch, upto, chain]);
}

export function verifyClaim(claim: ChainClaim, signature: Uint8Array, signer: Uint8Array): boolean {
  return verifyEd25519(claimBytes(claim), signature, signer);
}
