// COSE_Sign1 of a core package: the shape of protocols/SPEC.md ("sealed record") with a content type and a size of its own.

import {
  type CborLimits,
  type CborValue,
  type CoseSigner,
  type Decoded,
  decodeCbor,
  encodeCbor,
} from '@maibo/protocols';

export const CONTENT_CORE = 'application/maibo-core+cbor';

/** A module of 1 MiB, its manifest and what lies around them. */
export const PACKAGE_BYTES_MAX = (1 << 20) + 16_384;
const SEALED: CborLimits = { bytesMax: PACKAGE_BYTES_MAX, itemsMax: 8, depthMax: 2 };
const HEADER: CborLimits = { bytesMax: 128, itemsMax: 8, depthMax: 1 };

const ALGORITHM = 1;
const CONTENT_TYPE = 3;
const KEY_ID = 4;
const EDDSA = -8; // RFC 9053 2.2

export interface SealedCore {
  readonly keyId: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** The bytes that the signature is over. */
  readonly toBeSigned: Uint8Array;
}

/** Throws TypeError when the sealed bytes would be longer than a package is. */
export function sealCore(payload: Uint8Array, signer: CoseSigner): Uint8Array {
  const members: [number, CborValue][] = [
    [ALGORITHM, EDDSA],
    [CONTENT_TYPE, CONTENT_CORE],
    [KEY_ID, signer.keyId],
  ];
  const header = encodeCbor(new Map(members));
  const sealed = encodeCbor([header, {}, payload, signer.sign(signatureInput(header, payload))]);
  if (sealed.length > PACKAGE_BYTES_MAX) throw new TypeError(`a package of ${sealed.length} bytes`);
  return sealed;
}

/** Takes a sealed package apart; verifies nothing. */
export function openCoreSeal(bytes: Uint8Array): Decoded<SealedCore> {
  const outer = decodeCbor(bytes, SEALED);
  if (!outer.ok) return outer;
  const parts = outer.value;
  if (!Array.isArray(parts) || parts.length !== 4) return refused('not an array of 4');
  const [header, unprotected, payload, signature] = parts as CborValue[];
  if (!(header instanceof Uint8Array)) return refused('the protected header is no byte string');
  if (!isEmptyMap(unprotected)) return refused('the unprotected header is not empty');
  if (!(payload instanceof Uint8Array)) return refused('the payload is no byte string');
  if (!(signature instanceof Uint8Array) || signature.length !== 64) return refused('the signature is not 64 bytes');
  const keyId = keyIdOfHeader(header);
  if (keyId === null) return refused('the protected header is not that of a core package');
  return { ok: true, value: { keyId, payload, signature, toBeSigned: signatureInput(header, payload) } };
}

function keyIdOfHeader(header: Uint8Array): Uint8Array | null {
  const decoded = decodeCbor(header, HEADER);
  if (!decoded.ok || !(decoded.value instanceof Map) || decoded.value.size !== 3) return null;
  const map = decoded.value as ReadonlyMap<number | string, CborValue>;
  if (map.get(ALGORITHM) !== EDDSA || map.get(CONTENT_TYPE) !== CONTENT_CORE) return null;
  const keyId = map.get(KEY_ID);
  return keyId instanceof Uint8Array && keyId.length === 16 ? keyId : null;
}

function isEmptyMap(value: CborValue | undefined): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
  return !(value instanceof Map) && Object.keys(value).length === 0;
}

/** RFC 9052 4.4. */
function signatureInput(header: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(['Signature1', header, new Uint8Array(0), payload]);
}

function refused(detail: string): { ok: false; fault: { code: 'bad-shape'; at: number; detail: string } } {
  return { ok: false, fault: { code: 'bad-shape', at: 0, detail: `sealed package: ${detail}` } };
}
