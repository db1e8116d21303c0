// Whose packages are run: those of makers that are known by their key, and single modules that somebody has looked at, by their hash.

import { keyIdOf, sameBytes } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import { type CorePackage, isSignedBy } from './core-package.ts';

export interface CoreAllowList {
  /** Public keys, 32 bytes each. */
  readonly signers: readonly Uint8Array[];
  /** SHA-256 of modules. */
  readonly hashes: readonly Uint8Array[];
}

export type AllowedBy = 'signer' | 'hash';

/**
 * Why the package may be run. A signature that names an allowed key and does not hold is refused, whatever else is allowed: somebody changed
 * the package. Errors: `core-refused`.
 */
export function allowPackage(core: CorePackage, { signers, hashes }: CoreAllowList): AllowedBy {
  const { name, version, sha256 } = core.manifest;
  const refuse = (why: string, hint: string) =>
    new MaiboError('core-refused', `core ${name} ${version}: ${why}`, { hint });
  const named = signers.find((key) => sameBytes(keyIdOf(key), core.signer));
  if (named !== undefined && !isSignedBy(core, named)) {
    throw refuse('its signature does not hold', 'the package was changed or damaged: get it again from its maker');
  }
  if (named !== undefined) return 'signer';
  if (hashes.some((hash) => sameBytes(hash, sha256))) return 'hash';
  throw refuse('nobody allowed its signer or its hash', 'give the public key of its maker, or the hash of the module');
}
