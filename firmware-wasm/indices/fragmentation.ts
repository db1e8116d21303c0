// The four indices of heart rate fragmentation: how often the heart changes between speeding up and slowing down.

import { type IndexDefinition, inGroup } from './index-definition.ts';

const WINDOW = 'hours in the original work; 5 min is in use';
const RESPONDS =
  'Rises with age and with coronary disease: variability that is not vagal modulation. High values beside a high RMSSD warn that RMSSD is not what it seems.';
const GAPS = 'Runs end at a gap.';
const SHARE = 'NeuroKit2 gives shares of 1, Costa per cent.';

export const FRAGMENTATION_DEFINITIONS: readonly IndexDefinition[] = inGroup('fragmentation', [
  {
    column: 'HRV_PIP',
    title: 'Percentage of inflection points',
    plain: {
      en: 'How often the heart turns from speeding up to slowing down or back',
      zh: '心率加速与减速之间转折的频率',
    },
    unit: '1',
    formula: 'changes of sign of dRR / N; from and to a difference of 0 counts as a change',
    window: WINDOW,
    minimum: '1 successive difference',
    sources: ['costa2017'],
    tools: `${SHARE} We follow NeuroKit2.`,
    responds: RESPONDS,
    caveats: `Coarse stamps make differences of 0, and each counts twice. ${GAPS}`,
  },
  {
    column: 'HRV_IALS',
    title: 'Inverse of the average length of the acceleration and deceleration segments',
    plain: { en: 'How short the runs of speeding up or slowing down are', zh: '加速或减速片段平均长度的倒数' },
    unit: '1',
    formula: '1 / mean number of differences of one sign in a row',
    window: WINDOW,
    minimum: 'one difference that is not 0',
    sources: ['costa2017'],
    tools: 'As in Costa 2017; we follow NeuroKit2.',
    responds: RESPONDS,
    caveats: GAPS,
  },
  {
    column: 'HRV_PSS',
    title: 'Percentage of short segments',
    plain: { en: 'Share of short runs of speeding up or slowing down', zh: '短加速或减速片段的占比' },
    unit: '1',
    formula: 'acceleration and deceleration segments of fewer than 3 differences / all segments',
    window: WINDOW,
    minimum: 'one difference that is not 0',
    sources: ['costa2017'],
    tools:
      'NeuroKit2 counts segments. Costa counts the NN intervals outside segments of three and more, in per cent: another number. We follow NeuroKit2, under its column name.',
    responds: RESPONDS,
    caveats: `Not comparable with values of Costa's group. ${GAPS}`,
  },
  {
    column: 'HRV_PAS',
    title: 'Percentage of alternation segments',
    plain: { en: 'Share of stretches in which every beat turns', zh: '逐搏交替片段的占比' },
    unit: '1',
    formula: 'runs of at least 4 inflection points in a row / all such runs',
    window: WINDOW,
    minimum: 'one inflection point',
    sources: ['costa2017'],
    tools:
      'NeuroKit2 counts runs. Costa counts the NN intervals inside alternation segments, in per cent: another number. We follow NeuroKit2, under its column name.',
    responds:
      'Beat-by-beat alternation: sinus node or conduction disease, or beats that are detected now early, now late.',
    caveats: `Not comparable with values of Costa's group. ${GAPS}`,
  },
]);
