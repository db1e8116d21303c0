// The status words of the Pulse Oximeter Service 1.0.1 (tables 3.4, 3.5 and 3.8).

import { bitNames } from './coded.ts';

/** 16 bits, 0..4 reserved. */
export const plxMeasurementStatuses = bitNames({
  5: 'ongoing',
  6: 'early-estimate',
  7: 'validated',
  8: 'fully-qualified',
  9: 'from-storage',
  10: 'demonstration',
  11: 'testing',
  12: 'calibration-ongoing',
  13: 'unavailable',
  14: 'questionable',
  15: 'invalid',
});
export type PlxMeasurementStatus = ReturnType<typeof plxMeasurementStatuses.of>['names'][number];

/** 24 bits, 16..23 reserved. */
export const plxSensorStatuses = bitNames({
  0: 'extended-display-update',
  1: 'equipment-malfunction',
  2: 'signal-processing-irregularity',
  3: 'inadequate-signal',
  4: 'poor-signal',
  5: 'low-perfusion',
  6: 'erratic-signal',
  7: 'nonpulsatile-signal',
  8: 'questionable-pulse',
  9: 'signal-analysis-ongoing',
  10: 'sensor-interference',
  11: 'sensor-unconnected-to-user',
  12: 'unknown-sensor',
  13: 'sensor-displaced',
  14: 'sensor-malfunction',
  15: 'sensor-disconnected',
});
export type PlxSensorStatus = ReturnType<typeof plxSensorStatuses.of>['names'][number];

export const plxFeatureNames = bitNames({
  0: 'measurement-status',
  1: 'sensor-status',
  2: 'measurement-storage',
  3: 'time-stamp',
  4: 'fast',
  5: 'slow',
  6: 'pulse-amplitude-index',
  7: 'multiple-bonds',
});
export type PlxFeatureName = ReturnType<typeof plxFeatureNames.of>['names'][number];
