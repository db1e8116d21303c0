// The door of @maibo/protocols: bytes <-> values. SPEC.md says what every byte means.

export { decodeCbor, encodeCbor } from './cbor/cbor.ts';
export {
  type CborLimits,
  type CborValue,
  MESSAGE_LIMITS,
  RECORD_LIMITS,
  SEGMENT_LIMITS,
} from './cbor/cbor-value.ts';
export { decodeRecord, encodeRecord } from './evidence/record-codec.ts';
export {
  decodeReceipt,
  decodeSegment,
  decodeSegmentHeader,
  encodeReceipt,
  encodeSegment,
  encodeSegmentHeader,
} from './evidence/segment-codec.ts';
export { crc32c } from './framing/crc32c.ts';
export {
  decodeFrame,
  encodeFrame,
  FRAME_BYTES_MAX,
  FRAME_PAYLOAD_MAX,
  type FrameOrFault,
  type FramerCounts,
  SerialFramer,
} from './framing/serial-framer.ts';
export type * from './generated/types.gen.ts';
export { type Description, describeBytes } from './inspect/describe-bytes.ts';
export { decodeMessage, encodeMessage } from './message/message-codec.ts';
export {
  CONTENT_RECEIPT,
  CONTENT_RECORD,
  CONTENT_SEGMENT,
  type ContentType,
  type OpenedCose,
  openCose,
  sealCose,
  verifyCose,
} from './security/cose-sign1.ts';
export { type CoseSigner, type Ed25519Signer, generateEd25519, keyIdOf, verifyEd25519 } from './security/ed25519.ts';
export { itemsHash, sha256 } from './security/items-hash.ts';
export type { Decoded, WireFault, WireFaultCode } from './wire-fault.ts';
