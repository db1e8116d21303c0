// The door of @maibo/simulator/testing: what makers of devices and bearers test with. README.md beside this file shows how.
export { createMemoryLinks, createMemoryWire } from '@maibo/sdk';
export type { BlockSource, LogBlock } from '../device/block-source.ts';
export { codeSource } from '../device/coded-source.ts';
export { openPty, type Pty } from '../device/pty.ts';
export { createRecordingSource } from '../device/recording-source.ts';
export { Wearable, type WearableOptions, wearableKeys } from '../device/wearable.ts';
export { createWearerSource } from '../device/wearer-source.ts';
export { createCuff } from '../radio/clinic-devices/blood-pressure-cuff.ts';
export { CLINIC_DEVICES, type ClinicDeviceKind } from '../radio/clinic-devices/catalog.ts';
export type { ClinicDevice, ClinicDeviceOptions } from '../radio/clinic-devices/clinic-device.ts';
export { createGlucoseMeter } from '../radio/clinic-devices/glucose-meter.ts';
export { createStrap } from '../radio/clinic-devices/heart-rate-strap.ts';
export { createOximeter } from '../radio/clinic-devices/pulse-oximeter.ts';
export { createScale } from '../radio/clinic-devices/scale.ts';
export { createThermometer } from '../radio/clinic-devices/thermometer.ts';
export { type BluezDouble, openBluezDouble } from '../radio/double/double.ts';
export { openDoubleRig } from '../radio/double-rig.ts';
export type { GattDevice } from '../radio/gatt-device.ts';
export { GattLinkDevice, type GattLinkOptions } from '../radio/gatt-link.ts';
export { createMemoryRadio, type MemoryRadio } from '../radio/memory-radio.ts';
export { serveDevice } from '../radio/peripheral/serve-device.ts';
export { hasDbusDaemon, openPrivateBus, type PrivateBus } from '../radio/private-bus.ts';
export { createWearer, type Wearer, type WearerOptions, type WearerTruth } from '../wearer/wearer.ts';
export { createFaultyLink, type FaultyLink, type FaultyLinkOptions, type Harm } from '../world/faulty-link.ts';
export { createHurriedClock, createManualClock, type ManualClock } from './clocks.ts';
export { type BeatWay, type LatencyOptions, measureHeartbeatLatency } from './heartbeat-latency.ts';
export { LINK_CONTRACT } from './link-contract.ts';
export {
  canRun,
  LINK_LIMITS,
  type LinkAbility,
  type LinkContractCase,
  type LinkLimits,
  type LinkRig,
} from './link-rig.ts';
export { processCounts } from './process-counts.ts';
