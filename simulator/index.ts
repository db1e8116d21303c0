// The door of @maibo/simulator: a wearer with the truth attached, the virtual wearable, the platform to sync to.
export { type BlockSource, type LogBlock, TICK_RATE_HZ } from './device/block-source.ts';
export { codeSource } from './device/coded-source.ts';
export { openPty, type Pty } from './device/pty.ts';
export { createRecordingSource } from './device/recording-source.ts';
export { Wearable, type WearableOptions, wearableKeys } from './device/wearable.ts';
export { createWearerSource } from './device/wearer-source.ts';
export { openPlatform, type PlatformOptions } from './platform/platform.ts';
export { createWearer, type Wearer, type WearerOptions, type WearerTruth } from './wearer/wearer.ts';
