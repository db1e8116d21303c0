// The door of @maibo/protocols: bytes <-> values. SPEC.md says what every byte means.

export type { CaptureEntry, CaptureHeader, CaptureSide } from './capture/capture.ts';
export { CaptureWriter } from './capture/capture-writer.ts';
export { type Capture, type CaptureFault, isCaptureText, readCapture } from './capture/read-capture.ts';
export { type Replay, type ReplayedEvent, replayCapture } from './capture/replay-capture.ts';
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
export { encodeLength, LengthFramer, type LengthFramerCounts, type PacketOrFault } from './framing/length-framer.ts';
export {
  decodeFrame,
  encodeFrame,
  FRAME_BYTES_MAX,
  FRAME_PAYLOAD_MAX,
  type FrameOrFault,
  type FramerCounts,
  SerialFramer,
} from './framing/serial-framer.ts';
export * as gatt from './gatt/gatt.ts';
export {
  decodeMaiboInfo,
  encodeMaiboInfo,
  MAIBO_INFO_BYTES_MAX,
  MAIBO_INFO_UUID,
  MAIBO_PROPERTIES,
  MAIBO_RX_UUID,
  MAIBO_SERVICE_UUID,
  MAIBO_TX_UUID,
  type MaiboInfo,
  packetBytesOfMtu,
  packetBytesTakenOfMtu,
} from './gatt/maibo-service.ts';
export type * from './generated/types.gen.ts';
export { type Description, describeBytes } from './inspect/describe-bytes.ts';
export { captureLines, replayLines, type TraceLine, traceCapture } from './inspect/describe-capture.ts';
export { decodeMessage, encodeMessage } from './message/message-codec.ts';
export { CipherState } from './noise/cipher-state.ts';
export type { CryptoSuite, KeyPair } from './noise/crypto-suite.ts';
export { makeNobleSuite, type NobleFunctions } from './noise/noble-suite.ts';
export { nodeSuite } from './noise/node-suite.ts';
export type { PatternName } from './noise/patterns.ts';
export {
  type PacketEvent,
  PacketLink,
  type PacketLinkOptions,
  type PacketStats,
} from './packet/packet-link.ts';
export { DevicePeer, type DevicePeerEvent, type DevicePeerOptions } from './peer/device-peer.ts';
export { HostPeer, type HostPeerEvent } from './peer/host-peer.ts';
export { sameBytes } from './same-bytes.ts';
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
export { DeviceGate, type HandshakeCounts } from './session/device-gate.ts';
export type { DeviceOptions, DeviceTrust } from './session/device-handshake.ts';
export type { HostOptions, HostTrust } from './session/host-handshake.ts';
export { deviceIdOf } from './session/identity.ts';
export { SecureSession } from './session/secure-session.ts';
export {
  ALLOWED_HOSTS_MAX,
  BYE_EXPIRED,
  type CloseCode,
  type Outgoing,
  type RandomBytes,
  SEALED_BYTES_MAX,
  type SessionEvent,
  type SessionOutput,
  type SessionState,
} from './session/session-types.ts';
export { type AckLevel, type DeviceLog, MemoryLog, type MemoryLogOptions } from './sync/device-log.ts';
export { type DeviceIdentity, DeviceSync } from './sync/device-sync.ts';
export { type HostEvent, HostSync, LOG_START, type LogPosition } from './sync/host-sync.ts';
export { decodeItem, encodeItem, ITEM_BYTES_MAX } from './sync/item-codec.ts';
export { CHAIN_START, type ChainClaim, chainAfter, claimBytes, verifyClaim } from './sync/log-chain.ts';
export { ClockBounds, type PingSample, type UtcBounds } from './time/clock-bounds.ts';
export { TickCounter } from './time/tick-counter.ts';
export type { Decoded, WireFault, WireFaultCode } from './wire-fault.ts';
