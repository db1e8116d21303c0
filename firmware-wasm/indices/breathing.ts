// Breathing rate: fused, and from each source alone.

import { type IndexDefinition, inGroup } from './index-definition.ts';

interface Single {
  readonly column: string;
  readonly what: string;
  readonly en: string;
  readonly zh: string;
  readonly responds: string;
  readonly caveats: string;
}

const SINGLES: readonly Single[] = [
  {
    column: 'rrBrpm',
    what: 'RR intervals',
    en: 'the rhythm of the heart',
    zh: '心跳间期',
    responds: 'Respiratory sinus arrhythmia: the heart speeds up with breathing in.',
    caveats:
      'Weak in old age, in exercise, in atrial fibrillation and under beta blockers. Above half the heart rate nothing can be seen.',
  },
  {
    column: 'ecgHeightBrpm',
    what: 'the heights of ECG beats',
    en: 'the height of ECG beats',
    zh: '心电R波幅度',
    responds: 'The chest moves the electrodes and the axis of the heart.',
    caveats: 'Depends on where the electrodes sit; posture changes it.',
  },
  {
    column: 'ecgBaselineBrpm',
    what: 'the baseline under ECG beats',
    en: 'the baseline of the ECG',
    zh: '心电基线',
    responds: 'Movement of the chest under the electrodes.',
    caveats: 'A high-pass filter in the device takes it out. Motion looks the same.',
  },
  {
    column: 'ppgHeightBrpm',
    what: 'the heights of PPG pulses',
    en: 'the height of pulse waves',
    zh: '脉搏波幅度',
    responds: 'Stroke volume changes with the pressure in the chest.',
    caveats: 'Slow waves of the vessels are larger than it in many people.',
  },
  {
    column: 'ppgBaselineBrpm',
    what: 'the feet of PPG pulses',
    en: 'the baseline of pulse waves',
    zh: '脉搏波基线',
    responds: 'Venous blood in the tissue follows the pressure in the chest.',
    caveats: 'Motion and pressure of the strap look the same.',
  },
  {
    column: 'ppgIntervalBrpm',
    what: 'the intervals between PPG pulses',
    en: 'the rhythm of pulse waves',
    zh: '脉搏间期',
    responds: 'Respiratory sinus arrhythmia, with the transit of the pulse added.',
    caveats: 'As rrBrpm, with more jitter.',
  },
  {
    column: 'respirationBrpm',
    what: 'a respiration signal',
    en: 'a breathing sensor',
    zh: '呼吸传感器',
    responds: 'Movement of the chest, or flow, directly.',
    caveats: 'A reference beside the others: it is never part of the fused rate.',
  },
];

const NULL_RULE = 'half of the window covered and something periodic in it';
const METHOD =
  'The window is stated with the core; rates are searched in the range that it names. Papers use 30 to 60 s.';

export const BREATHING_DEFINITIONS: readonly IndexDefinition[] = inGroup('breathing', [
  {
    column: 'rateBrpm',
    title: 'Breathing rate, all sources',
    plain: { en: 'Breaths per minute', zh: '每分钟呼吸次数' },
    unit: 'breaths/min',
    formula: 'the rate on which the modulations of rhythm, height and baseline of the beats agree',
    window: 'about a minute',
    minimum: `${NULL_RULE}, in sources that agree; else the reason stands in its place`,
    sources: ['charlton2018'],
    tools: `No standard: algorithms differ in the modulations, the spectra and the fusion. ${METHOD}`,
    responds: 'Breathing. At rest 12 to 20 in adults.',
    caveats: 'An estimate from the heart, no measurement of air. Speech, sighs and movement break the rhythm.',
  },
  {
    column: 'standardErrorBrpm',
    title: 'Standard error of the breathing rate',
    plain: { en: 'How far the breathing rate may be off', zh: '呼吸频率的标准误' },
    unit: 'breaths/min',
    formula: 'spread of the likelihood of rates around the most likely one, all sources together',
    window: 'about a minute',
    minimum: 'rateBrpm exists',
    sources: ['charlton2018'],
    tools: 'No other tool is known to give it.',
    responds: 'Noise, irregular breathing, few sources.',
    caveats: 'It does not know of a modulation that only looks like breathing.',
  },
  ...SINGLES.map(({ column, what, en, zh, responds, caveats }) => ({
    column,
    title: `Breathing rate from ${what}`,
    plain: { en: `Breaths per minute, told from ${en}`, zh: `每分钟呼吸次数（由${zh}得出）` },
    unit: 'breaths/min',
    formula: `dominant rate of the modulation of ${what}`,
    window: 'about a minute',
    minimum: NULL_RULE,
    sources: ['charlton2018'] as const,
    tools: METHOD,
    responds,
    caveats,
  })),
]);
