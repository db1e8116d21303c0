// The HRV measures the report can name: NeuroKit2's column names, their units, and the message that says what they mean.
import type { MessageKey } from './messages.en.ts';

export interface HrvMeasure {
  readonly name: string;
  /** 'ratio' and 'none' are words and translated; 'ms' and '%' are not. */
  readonly unit: 'ms' | '%' | 'ratio' | 'none';
  readonly decimals: number;
  readonly meaning: MessageKey;
}

/** In the order NeuroKit2 prints them (neurokit2.hrv_time, Makowski et al. 2021). */
export const HRV_MEASURES: readonly HrvMeasure[] = [
  { name: 'HRV_MeanNN', unit: 'ms', decimals: 1, meaning: 'meaningMeanNN' },
  { name: 'HRV_SDNN', unit: 'ms', decimals: 1, meaning: 'meaningSDNN' },
  { name: 'HRV_SDANN1', unit: 'ms', decimals: 1, meaning: 'meaningSDANN1' },
  { name: 'HRV_SDNNI1', unit: 'ms', decimals: 1, meaning: 'meaningSDNNI1' },
  { name: 'HRV_SDANN2', unit: 'ms', decimals: 1, meaning: 'meaningSDANN2' },
  { name: 'HRV_SDNNI2', unit: 'ms', decimals: 1, meaning: 'meaningSDNNI2' },
  { name: 'HRV_SDANN5', unit: 'ms', decimals: 1, meaning: 'meaningSDANN5' },
  { name: 'HRV_SDNNI5', unit: 'ms', decimals: 1, meaning: 'meaningSDNNI5' },
  { name: 'HRV_RMSSD', unit: 'ms', decimals: 1, meaning: 'meaningRMSSD' },
  { name: 'HRV_SDSD', unit: 'ms', decimals: 1, meaning: 'meaningSDSD' },
  { name: 'HRV_CVNN', unit: 'ratio', decimals: 3, meaning: 'meaningCVNN' },
  { name: 'HRV_CVSD', unit: 'ratio', decimals: 3, meaning: 'meaningCVSD' },
  { name: 'HRV_MedianNN', unit: 'ms', decimals: 1, meaning: 'meaningMedianNN' },
  { name: 'HRV_MadNN', unit: 'ms', decimals: 1, meaning: 'meaningMadNN' },
  { name: 'HRV_MCVNN', unit: 'ratio', decimals: 3, meaning: 'meaningMCVNN' },
  { name: 'HRV_IQRNN', unit: 'ms', decimals: 1, meaning: 'meaningIQRNN' },
  { name: 'HRV_SDRMSSD', unit: 'ratio', decimals: 2, meaning: 'meaningSDRMSSD' },
  { name: 'HRV_Prc20NN', unit: 'ms', decimals: 1, meaning: 'meaningPrc20NN' },
  { name: 'HRV_Prc80NN', unit: 'ms', decimals: 1, meaning: 'meaningPrc80NN' },
  { name: 'HRV_pNN50', unit: '%', decimals: 1, meaning: 'meaningpNN50' },
  { name: 'HRV_pNN20', unit: '%', decimals: 1, meaning: 'meaningpNN20' },
  { name: 'HRV_MinNN', unit: 'ms', decimals: 1, meaning: 'meaningMinNN' },
  { name: 'HRV_MaxNN', unit: 'ms', decimals: 1, meaning: 'meaningMaxNN' },
  { name: 'HRV_HTI', unit: 'none', decimals: 2, meaning: 'meaningHTI' },
  { name: 'HRV_TINN', unit: 'ms', decimals: 1, meaning: 'meaningTINN' },
];

/** The known measures that occur, in their usual order, then the unknown ones by name. */
export function measuresIn(names: ReadonlySet<string>): HrvMeasure[] {
  const known = HRV_MEASURES.filter((measure) => names.has(measure.name));
  const knownNames = new Set(known.map((measure) => measure.name));
  const unknown = [...names].filter((name) => !knownNames.has(name)).sort();
  return [
    ...known,
    ...unknown.map((name): HrvMeasure => ({ name, unit: 'none', decimals: 3, meaning: 'meaningUnknown' })),
  ];
}
