// The eight measures of respiratory sinus arrhythmia. They need a respiration signal beside the beats.

import { type IndexDefinition, inGroup } from './index-definition.ts';

type Text = Omit<IndexDefinition, 'group'>;

const VAGAL = 'Vagal control of the heart, gated by breathing.';
const BREATHING =
  'Deep or slow breathing raises it without any change of vagal tone: read it beside the breathing rate.';

const PEAK_TO_TROUGH = {
  window: '5 min, or some 30 breaths',
  sources: ['grossman1990', 'lewis2012'] as const,
  tools:
    'Of each breath: longest interval of expiration - shortest of inspiration, both phases taken 750 ms beyond their end (Grossman 1990); a negative difference counts as 0. As NeuroKit2.',
  responds: VAGAL,
  caveats: `${BREATHING} A breath without an interval in one of its phases, or with a gap in it, has no value.`,
};

const GATES = {
  window: '5 min',
  minimum: '5 beats over 32 s without a gap',
  sources: ['gates2015'] as const,
  tools:
    'Peak-matched multiple windows of 32 s over the intervals at 4 Hz, 0.12 to 0.4 Hz, one value a second. NeuroKit2 uses four of the eight windows that it makes; followed here.',
  responds: `${VAGAL} Second by second.`,
  caveats: `${BREATHING} Each value is smeared over 32 s.`,
};

function peakToTrough(text: Pick<Text, 'column' | 'title' | 'plain' | 'unit' | 'formula' | 'minimum'>): Text {
  return { ...PEAK_TO_TROUGH, ...text };
}

function gates(text: Pick<Text, 'column' | 'title' | 'plain' | 'unit' | 'formula'>): Text {
  return { ...GATES, ...text };
}

export const RSA_DEFINITIONS: readonly IndexDefinition[] = inGroup('rsa', [
  peakToTrough({
    column: 'RSA_P2T_Mean',
    title: 'Peak-to-trough respiratory sinus arrhythmia, mean',
    plain: { en: 'How much the heart slows from breathing in to breathing out', zh: '呼吸性窦性心律不齐：峰谷法均值' },
    unit: 'ms',
    formula: 'mean over breaths of max(RR in expiration) - min(RR in inspiration), at least 0',
    minimum: 'one breath with an interval in each phase',
  }),
  peakToTrough({
    column: 'RSA_P2T_Mean_log',
    title: 'Peak-to-trough respiratory sinus arrhythmia, logarithm of the mean',
    plain: {
      en: 'How much the heart slows with breathing out, as a logarithm',
      zh: '呼吸性窦性心律不齐：峰谷法均值的对数',
    },
    unit: 'ln ms',
    formula: 'ln(RSA_P2T_Mean)',
    minimum: 'RSA_P2T_Mean above 0',
  }),
  peakToTrough({
    column: 'RSA_P2T_SD',
    title: 'Peak-to-trough respiratory sinus arrhythmia, standard deviation',
    plain: {
      en: 'How much the slowing with breathing out differs from breath to breath',
      zh: '呼吸性窦性心律不齐：各次呼吸之间的差异',
    },
    unit: 'ms',
    formula: 'SD (n - 1) over breaths',
    minimum: 'two such breaths',
  }),
  peakToTrough({
    column: 'RSA_P2T_NoRSA',
    title: 'Breaths without a peak-to-trough value',
    plain: {
      en: 'Breaths in which the effect of breathing on the heart could not be told',
      zh: '无法计算呼吸性窦性心律不齐的呼吸次数',
    },
    unit: 'breaths',
    formula: 'number of breaths with no interval in one of the phases, or with a gap',
    minimum: 'none: it counts from 0',
  }),
  {
    column: 'RSA_PorgesBohrer',
    title: 'Porges-Bohrer respiratory sinus arrhythmia',
    plain: { en: 'Breathing part of the variability, slow changes taken out', zh: 'Porges-Bohrer法呼吸性窦性心律不齐' },
    unit: 'ln ms2',
    formula:
      'mean over 30-s epochs of ln(variance) of the intervals at 2 Hz, less their moving 21-point cubic, 0.12 to 0.4 Hz',
    window: '5 min',
    minimum: '4 beats over 10 s without a gap',
    sources: ['porges1990', 'lewis2012'],
    tools:
      'The paper, and our default, take the variance of the intervals. NeuroKit2 0.2.13 divides by 1000, and given its own ECG table takes the heart rate in beats/min in place of the intervals, so its values are on another scale; on request we repeat that.',
    responds: VAGAL,
    caveats: `${BREATHING} Breathing outside 0.12 to 0.4 Hz is not seen.`,
  },
  gates({
    column: 'RSA_Gates_Mean',
    title: 'Second-by-second respiratory sinus arrhythmia, mean',
    plain: { en: 'Breathing part of the variability, second by second, averaged', zh: '逐秒呼吸性窦性心律不齐的均值' },
    unit: 'ln ms2',
    formula: 'mean over seconds of ln(2 x weighted multitaper power, 0.12 to 0.4 Hz / samples of a window)',
  }),
  gates({
    column: 'RSA_Gates_Mean_log',
    title: 'Second-by-second respiratory sinus arrhythmia, logarithm of the mean',
    plain: {
      en: 'Breathing part of the variability, second by second, as a logarithm',
      zh: '逐秒呼吸性窦性心律不齐均值的对数',
    },
    unit: '1',
    formula: 'ln(RSA_Gates_Mean): the logarithm of a logarithm, as in NeuroKit2; none when the mean is not above 0',
  }),
  gates({
    column: 'RSA_Gates_SD',
    title: 'Second-by-second respiratory sinus arrhythmia, standard deviation',
    plain: {
      en: 'How much the breathing part of the variability changes over the recording',
      zh: '逐秒呼吸性窦性心律不齐的标准差',
    },
    unit: 'ln ms2',
    formula: 'SD (n - 1) over seconds',
  }),
]);
