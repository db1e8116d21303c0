// COSE_Sign1 (RFC 9052 4.2, untagged) with Ed25519, in the one shape this project uses:
//
//   [ protected: bstr .cbor { 1: -8, 3: content type, 4: key id (16 bytes) }, {}, payload: bstr, signature: bstr (64) ]
//
// Anything else is refused when opened: a header nobody reads is a place to hide.

import { decodeCbor, encodeCbor } from '../cbor/cbor.ts';
import { type CborLimits, type CborValue, MESSAGE_LIMITS, RECORD_LIMITS } from '../cbor/cbor-value.ts';
import { offsetOf } from '../cbor/locate.ts';
import { isObject } from '../message/shape.ts';
import { type Decoded, decoded, refused } from '../wire-fault.ts';
import { type CoseSigner, KEY_ID_BYTES, keyIdOf, SIGNATURE_BYTES, verifyEd25519 } from './ed25519.ts';

export const CONTENT_RECORD = 'application/maibo-record+cbor';
export const CONTENT_SEGMENT = 'application/maibo-segment+cbor';
export const CONTENT_RECEIPT = 'application/maibo-receipt+cbor';
export type ContentType = typeof CONTENT_RECORD | typeof CONTENT_SEGMENT | typeof CONTENT_RECEIPT;

/** A sealed record is one item of a segment, which holds at most this many bytes. */
export const SEALED_LIMITS: CborLimits = { ...RECORD_LIMITS, itemsMax: 8 };

export interface OpenedCose {
  readonly contentType: ContentType;
  readonly keyId: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** The bytes the signature is over (Sig_structure). */
  readonly toBeSigned: Uint8Array;
}

/** Signs `payload` and returns the sealed bytes. Throws TypeError when they would be larger than `SEALED_LIMITS`. */
export function sealCose(
  payload: Uint8Array,
  { contentType, signer }: { contentType: ContentType; signer: CoseSigner },
): Uint8Array {
  if (signer.keyId.length !== KEY_ID_BYTES) throw new TypeError(`key id of ${signer.keyId.length} bytes`);
  const header = protectedHeader(contentType, signer.keyId);
  const signature = signer.sign(signatureInput(header, payload));
  if (signature.length !== SIGNATURE_BYTES) throw new TypeError(`signature of ${signature.length} bytes`);
  const sealed = encodeCbor([header, {}, payload, signature]);
  if (sealed.length > SEALED_LIMITS.bytesMax) {
    throw new TypeError(`sealed: ${sealed.length} bytes, at most ${SEALED_LIMITS.bytesMax}`);
  }
  return sealed;
}

/** Takes sealed bytes apart. Opening verifies nothing: `verifyCose` does. */
export function openCose(bytes: Uint8Array): Decoded<OpenedCose> {
  const outer = decodeCbor(bytes, SEALED_LIMITS);
  if (!outer.ok) return outer;
  const parts = outer.value;
  if (!Array.isArray(parts) || parts.length !== 4) return refused('bad-shape', 0, 'sealed: not an array of 4');
  const [header, unprotected, payload, signature] = parts as CborValue[];
  const wrongPart = (index: number, detail: string) => refused('bad-shape', offsetOf(bytes, [index]), detail);
  if (!(header instanceof Uint8Array)) return wrongPart(0, 'sealed.protected: expected bytes');
  if (!isObject(unprotected) || Object.keys(unprotected).length > 0) {
    return wrongPart(1, 'sealed.unprotected: expected an empty map');
  }
  if (!(payload instanceof Uint8Array)) return wrongPart(2, 'sealed.payload: expected bytes');
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) {
    return wrongPart(3, `sealed.signature: expected ${SIGNATURE_BYTES} bytes`);
  }
  const named = readProtected(header);
  if (!named.ok) return named;
  return decoded({ ...named.value, payload, signature, toBeSigned: signatureInput(header, payload) });
}

/** True when the key named in the header is `publicKey` and the signature is its. */
export function verifyCose(opened: OpenedCose, publicKey: Uint8Array): boolean {
  const expected = keyIdOf(publicKey);
  if (!opened.keyId.every((byte, index) => byte === expected[index])) return false;
  return verifyEd25519(opened.toBeSigned, opened.signature, publicKey);
}

const ALGORITHM = 1;
const CONTENT_TYPE = 3;
const KEY_ID = 4;
const EDDSA = -8; // RFC 9053 2.2
const CONTENT_TYPES: readonly string[] = [CONTENT_RECORD, CONTENT_SEGMENT, CONTENT_RECEIPT];
const NO_EXTERNAL_AAD = new Uint8Array(0);

function protectedHeader(contentType: string, keyId: Uint8Array): Uint8Array {
  const members: [number, CborValue][] = [
    [ALGORITHM, EDDSA],
    [CONTENT_TYPE, contentType],
    [KEY_ID, keyId],
  ];
  return encodeCbor(new Map(members));
}

/** RFC 9052 4.4. */
function signatureInput(header: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(['Signature1', header, NO_EXTERNAL_AAD, payload]);
}

function readProtected(bytes: Uint8Array): Decoded<{ contentType: ContentType; keyId: Uint8Array }> {
  const header = decodeCbor(bytes, MESSAGE_LIMITS);
  if (!header.ok) return refused(header.fault.code, header.fault.at, `sealed.protected: ${header.fault.detail}`);
  const map = header.value;
  if (!(map instanceof Map) || map.size !== 3)
    return refused('bad-shape', 0, 'sealed.protected: expected the keys 1, 3, 4');
  if (map.get(ALGORITHM) !== EDDSA) return refused('bad-shape', 0, 'sealed.protected.1: expected -8 (EdDSA)');
  const contentType = map.get(CONTENT_TYPE);
  if (typeof contentType !== 'string' || !CONTENT_TYPES.includes(contentType)) {
    return refused('bad-shape', 0, 'sealed.protected.3: not a content type of this project');
  }
  const keyId = map.get(KEY_ID);
  if (!(keyId instanceof Uint8Array) || keyId.length !== KEY_ID_BYTES) {
    return refused('bad-shape', 0, `sealed.protected.4: expected ${KEY_ID_BYTES} bytes`);
  }
  return decoded({ contentType: contentType as ContentType, keyId });
}
