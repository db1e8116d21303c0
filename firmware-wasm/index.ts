// The door of @maibo/cores: the signal cores as typed classes, and the catalog of their modules.

export * from './generated/cores.gen.ts';
export { coreCatalog } from './host/core-catalog.ts';
export { CoreSnapshotError, CoreStatusError } from './host/core-errors.ts';
export { CoreInstance, type CoreLayout } from './host/core-instance.ts';
export { type CoreModule, CoreModuleError } from './host/core-module.ts';
export { type PlainInterval, toIntervals, WHOLE_SERIES } from './host/intervals.ts';
export { type ElementBytes, type FarCore, type RunningCore, VERBS, type Verb } from './host/verbs.ts';
export { MISSING_SAMPLE, WAVE_OVERHEAD_BYTES, WaveDecoder, WaveEncoder, type WaveOptions } from './host/wave-codec.ts';
export { type Coverage, coverageOf, defineIndex, INDEX_DEFINITIONS } from './indices/all.ts';
export type { IndexDefinition, IndexGroup, Profile } from './indices/index-definition.ts';
export { cite, type Source } from './indices/source.ts';
export { SOURCES, type SourceKey } from './indices/sources.ts';
