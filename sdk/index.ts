// The door of @maibo/sdk.
export { gatt } from '@maibo/protocols';
export { type AngleEpoch, type SleepPeriod, sleepPeriod, sustainedInactivity } from './analysis/actigraphy-angle.ts';
export { webster } from './analysis/actigraphy-rescoring.ts';
export {
  type ColeKripkeCounts,
  type Counts,
  coleKripke,
  type OakleyOptions,
  oakley,
  type SleepScore,
  sadeh,
  scripps,
} from './analysis/actigraphy-scores.ts';
export { smoothCounts } from './analysis/actigraphy-smoothing.ts';
export { type Analysis, type AnalyzeOptions, analyzeFile } from './analysis/analyze.ts';
export {
  type ApnoeaSuspicion,
  type NoApnoeaSuspicion,
  suspectApnoea,
} from './analysis/apnoea-suspicion.ts';
export type { BreathingSeries } from './analysis/breathing-series.ts';
export { chooseSignal, type SignalChoice, type SignalWish } from './analysis/choose-signal.ts';
export {
  computeHrv,
  type HrvOptions,
  type HrvProfile,
  type HrvSpectrum,
  type SlideOptions,
  slideHrv,
} from './analysis/hrv.ts';
export type { HrvWindow } from './analysis/hrv-cores.ts';
export type { HrvInterval } from './analysis/hrv-input.ts';
export type { HrvSeries } from './analysis/hrv-series.ts';
export type { NightBody, NoBody } from './analysis/night-body.ts';
export type { BreathingOfState, NightBreathing } from './analysis/night-breathing.ts';
export type { HeartOfState, NightHeart } from './analysis/night-heart.ts';
export { type CorrectedNight, correctNight } from './analysis/night-intervals.ts';
export { type NightObservation, nightObservations, nightValues } from './analysis/night-observations.ts';
export { type NightSummary, type NoSummary, type SleepStage, summarizeNight } from './analysis/night-summary.ts';
export { assessReadiness, type Readiness } from './analysis/readiness.ts';
export { computeRsa, type Rsa, type RsaInput } from './analysis/rsa.ts';
export {
  analyzeSleep,
  type SleepAnalysis,
  type SleepClasses,
  type SleepMode,
  type SleepOptions,
} from './analysis/sleep.ts';
export { cyclesOf, type SleepCycle } from './analysis/sleep-cycles.ts';
export type { NightInterval } from './analysis/sleep-inputs.ts';
export { regularityOfNights, sleepRegularity } from './analysis/sleep-regularity.ts';
export { SLEEP_TERMS, type SleepTerm, type SleepTermName } from './analysis/sleep-terms.ts';
export type { StressSeries } from './analysis/stress-series.ts';
export { type HeartRateRange, type HeartRateSpan, trainingImpulse } from './analysis/training-impulse.ts';
export type { SensorSet } from './analysis/wrist-sensors.ts';
export { type SegmentFile, verifySegmentFiles } from './audit/verify-files.ts';
export {
  type StoreCheck,
  trustedKeys,
  type VerifiedStream,
  type VerifyOptions,
  verifyStore,
} from './audit/verify-store.ts';
export type { AboutDevice } from './clinic/about-device.ts';
export {
  CLINIC_KINDS,
  CLINIC_SERVICES,
  type ClinicKind,
  type ClinicKindName,
  recogniseClinicDevice,
} from './clinic/clinic-kinds.ts';
export { pseudonymOf } from './clinic/pseudonym.ts';
export { type ClockMark, DeviceSession, type LogItem, type SessionOptions } from './device/device-session.ts';
export type { SampleChunk } from './device/sample-chunks.ts';
export type { ReadOptions, SamplesOptions, SessionStats } from './device/session-options.ts';
export type { SessionState } from './device/session-states.ts';
export { allowPackage, type CoreAllowList } from './engine/allow-list.ts';
export { type CoreCheck, checkCore } from './engine/check-core.ts';
export type { CoreManifest } from './engine/core-manifest.ts';
export { type CorePackage, openCorePackage, packCore } from './engine/core-package.ts';
export { CoreStoppedError, type Engine, type StoppedCore, type StopReason } from './engine/engine.ts';
export { GuestCore } from './engine/guest-core.ts';
export { ThreadEngine } from './engine/thread-engine.ts';
export { WasmtimeEngine, type WasmtimeOptions } from './engine/wasmtime-engine.ts';
export { isMaiboError, MaiboError, type MaiboErrorCode } from './errors.ts';
export { type OpenedRecord, readRecord } from './evidence/open-record.ts';
export { type ChainHead, NO_HASH, RecordChain, type SealedRecord } from './evidence/record-chain.ts';
export { fromHex, type RecordBody, type StreamIdentity, toHex } from './evidence/record-types.ts';
export { NO_SEGMENTS, type SealedSegment, SegmentBuilder } from './evidence/segment-builder.ts';
export type { Problem, ProblemCode } from './evidence/verify-stream.ts';
export { type OpenOptions, openRecording } from './formats/open-recording.ts';
export type { Annotation, Channel, Recording, RecordingFormat, RrInterval, SignalKind } from './formats/recording.ts';
export {
  type ClinicCollection,
  type ClinicProgress,
  type ClinicSummary,
  collectClinicDevice,
} from './gateway/clinic-collector.ts';
export { type CollectionSummary, collectLog, type Progress } from './gateway/collector.ts';
export { loadGatewayConfig, readGatewayConfig } from './gateway/config.ts';
export type {
  ClinicConfig,
  DeviceConfig,
  GatewayConfig,
  SerialConfig,
} from './gateway/config-types.ts';
export { Gateway } from './gateway/gateway.ts';
export type { Health, HealthReason } from './gateway/gateway-health.ts';
export type { DiskSpace, GatewayWorld, Log, SerialPorts } from './gateway/gateway-world.ts';
export { type Committer, GroupCommitter, type GroupOptions } from './gateway/group-committer.ts';
export { StreamWriter, type StreamWriterOptions } from './gateway/stream-writer.ts';
export { type KeptWhy, planTrim, type TrimWish, trimStream } from './gateway/trim-stream.ts';
export { BackOff, type BackOffOptions } from './link/back-off.ts';
export { type BleLink, openBleLink } from './link/ble-link.ts';
export { type BluezOptions, type BluezRadio, openBluezRadio } from './link/bluez/bluez-radio.ts';
export type { RadioLog } from './link/bluez/bluez-session.ts';
export { ByteQueue } from './link/byte-queue.ts';
export { closing } from './link/closing.ts';
export { createMemoryLinks, createMemoryWire } from './link/memory-link.ts';
export { PeerDriver, type PeerEnd } from './link/peer-driver.ts';
export { openSerialLink, type SerialLink, type SerialOptions } from './link/serial-link.ts';
export { listSerialPorts, type SerialPortInfo } from './link/serial-ports.ts';
export { openSocketLink, type SocketOptions } from './link/socket-link.ts';
export { type ListenOptions, listenSocketLinks, type SocketLinks } from './link/socket-listener.ts';
export { beatsIn, type ComingBeat } from './pipeline/beats-in.ts';
export type { Result } from './pipeline/result.ts';
export { type Modules, StreamProcessor } from './pipeline/stream-processor.ts';
export { confirmedItem } from './platform/confirmed-item.ts';
export { forwardSegments } from './platform/forwarder.ts';
export { checkReceipt } from './platform/receipt.ts';
export type { AnalysisModel } from './report/analysis-model.ts';
export { reportModelOf } from './report/model-from-store.ts';
export { renderAnalysis } from './report/render-analysis.ts';
export { type ReportLanguage, renderReport } from './report/render-report.ts';
export type { ReportModel } from './report/report-model.ts';
export { Store, type StoredSegment, type StoredStream } from './store/store.ts';
export {
  encodeSamples,
  physicalValue,
  type SampleBlock,
  type SampleFormat,
  samplesAsFloat32,
  samplesAsNumbers,
} from './stream/sample-block.ts';
export { encodeWave } from './stream/wave-samples.ts';
export { MAIBO_VERSION } from './version.ts';
export { createHttpUplink } from './world/http-uplink.ts';
export { createLabClock, LAB_EPOCH_UTC_US } from './world/lab-clock.ts';
export { systemClock, systemEntropy } from './world/node-clock.ts';
export { createLabKey, createLabLinkKey, loadOrCreateKey, loadOrCreateLinkKey } from './world/node-keys.ts';
export { openStoreFile } from './world/node-store.ts';
export type {
  Advertisement,
  ConnectOptions,
  GattAddress,
  Notifications,
  PairingQuestion,
  PairOptions,
  Patience,
  Radio,
  RadioCounts,
  RadioPeer,
  RadioState,
  ScanOptions,
} from './world/radio.ts';
export type { Clock, Entropy, Link, Signer, SqlDatabase, Uplink, UplinkAnswer } from './world/world.ts';
