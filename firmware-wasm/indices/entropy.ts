// The seven entropies: how hard the next beat is to foresee.

import { type IndexDefinition, inGroup } from './index-definition.ts';

const TOLERANCE = 'r = 0.2 x SDNN, m = 2';
const TEMPLATES = 'Patterns that reach across a gap are left out.';
const SCALE_LENGTH =
  'Scales 1 to N / 12 in NeuroKit2: a longer series has more scales, so compare only series of one length.';
const SUMMARY =
  'The papers and Kubios (scales 1 to 20) show a curve; NeuroKit2 gives one number, the trapezoid sum of the finite values over their number, and so do we. The tolerance stays that of scale 1.';
const STRUCTURE = 'Falls in heart failure and with age in long recordings.';

export const ENTROPY_DEFINITIONS: readonly IndexDefinition[] = inGroup('entropy', [
  {
    column: 'HRV_ApEn',
    title: 'Approximate entropy',
    plain: { en: 'How irregular the rhythm is', zh: '近似熵：心律的不规则程度' },
    unit: 'nat',
    formula: `|phi(m) - phi(m + 1)|, phi(m): mean of ln(share of patterns of length m within r, itself included); ${TOLERANCE}, largest difference <= r`,
    window: '5 min, at least 100 intervals',
    minimum: '3 intervals in a row',
    maximum: '32,768 intervals: the work grows with their square',
    sources: ['pincus1991'],
    tools: 'As NeuroKit2. Kubios has the same m and r.',
    responds: 'Lower when the rhythm is regular: paced breathing, heart failure, exercise.',
    caveats: `Counts each pattern as its own neighbour, so short series look regular. Use SampEn where there is a choice. ${TEMPLATES}`,
  },
  {
    column: 'HRV_SampEn',
    title: 'Sample entropy',
    plain: { en: 'How irregular the rhythm is', zh: '样本熵：心律的不规则程度' },
    unit: 'nat',
    formula: `-ln(A / B), A and B: pairs of patterns of length m + 1 and m within r, no pattern with itself; ${TOLERANCE}, largest difference <= r`,
    window: '5 min, at least 200 intervals',
    minimum: 'one matching pair of length 3',
    maximum: '32,768 intervals: the work grows with their square',
    sources: ['richman2000'],
    tools:
      'Both counts are over the same N - 2 patterns, as in Richman and NeuroKit2. pyHRV takes r from an SD divided by N + 1; libraries differ in < and <=.',
    responds:
      'Lower when the rhythm is regular: paced breathing, heart failure, exercise; higher in atrial fibrillation.',
    caveats: `A trend widens r and lowers it. One ectopic beat does the same. ${TEMPLATES}`,
  },
  {
    column: 'HRV_ShanEn',
    title: 'Shannon entropy of the interval lengths',
    plain: { en: 'How many different interval lengths occur', zh: '香农熵：心跳间期长度的多样性' },
    unit: 'bit',
    formula: '-sum p log2 p, p: share of each distinct value of RR',
    window: 'any; compare only series of one length and one resolution',
    minimum: '2 intervals',
    sources: ['shannon1948'],
    tools:
      'NeuroKit2 counts exact values, without bins; so do we. Kubios takes it from the lines of the recurrence plot: another number.',
    responds: 'Overall variability.',
    caveats:
      'Depends on the resolution of the stamps: if all values differ it is log2 N whatever the heart does. Says nothing of the order of beats.',
  },
  {
    column: 'HRV_FuzzyEn',
    title: 'Fuzzy entropy',
    plain: { en: 'How irregular the rhythm is, without a hard limit', zh: '模糊熵：心律的不规则程度' },
    unit: 'nat',
    formula: `as SampEn with exp(-d / r) for each pair of patterns, d: largest difference after each pattern's own mean is taken out; ${TOLERANCE}`,
    window: '5 min, at least 100 intervals',
    minimum: '4 intervals in a row that are not all equal',
    maximum: '10,000 intervals: the work grows with their square',
    sources: ['chen2007'],
    tools: 'Chen raises d to a power n (2 in the paper); NeuroKit2 has 1, and so do we.',
    responds: 'As SampEn, steadier in short series.',
    caveats: TEMPLATES,
  },
  {
    column: 'HRV_MSEn',
    title: 'Multiscale entropy',
    plain: { en: 'How irregular the rhythm is on many time scales', zh: '多尺度熵：多个时间尺度上的不规则程度' },
    unit: 'nat',
    formula: `mean over scales s of SampEn of the means of s intervals each, the first and last scale counting half; ${TOLERANCE}`,
    window: 'hours in the original; 10 min and more',
    minimum: '36 intervals: two scales (profile neurokit: one, and then it is 0)',
    maximum: '10,000 intervals: the work grows with their square',
    sources: ['costa2002'],
    tools: `${SUMMARY} ${SCALE_LENGTH}`,
    responds: STRUCTURE,
    caveats: `On the coarsest scales a dozen values are left and the result is chance. ${TEMPLATES}`,
  },
  {
    column: 'HRV_CMSEn',
    title: 'Composite multiscale entropy',
    plain: {
      en: 'How irregular the rhythm is on many time scales, steadier',
      zh: '复合多尺度熵：多个时间尺度上的不规则程度（较稳定）',
    },
    unit: 'nat',
    formula: `mean over scales s of the mean SampEn of the s series that take every s-th interval, the first and last scale counting half; ${TOLERANCE}`,
    window: 'hours in the original; 10 min and more',
    minimum: '36 intervals: two scales (profile neurokit: one, and then it is 0)',
    maximum: '10,000 intervals: the work grows with their square',
    sources: ['wu2013'],
    tools: `Wu averages s intervals at each of the s starting points; NeuroKit2 0.2.13 takes every s-th interval instead and averages nothing. We follow NeuroKit2. ${SUMMARY} ${SCALE_LENGTH}`,
    responds: STRUCTURE,
    caveats: `Not comparable with the literature on CMSE, for the reason below. ${TEMPLATES}`,
  },
  {
    column: 'HRV_RCMSEn',
    title: 'Refined composite multiscale entropy',
    plain: {
      en: 'How irregular the rhythm is on many time scales, steadiest',
      zh: '精细复合多尺度熵：多个时间尺度上的不规则程度（最稳定）',
    },
    unit: 'nat',
    formula: `as CMSEn, with the match rates of the s series averaged before -ln(A / B) is taken; ${TOLERANCE}`,
    window: 'hours in the original; 10 min and more',
    minimum: '36 intervals: two scales (profile neurokit: one, and then it is 0)',
    maximum: '10,000 intervals: the work grows with their square',
    sources: ['wu2014'],
    tools: `Wu adds up counts over averaged series; NeuroKit2 0.2.13 takes every s-th interval and averages rates. We follow NeuroKit2. ${SUMMARY} ${SCALE_LENGTH}`,
    responds: STRUCTURE,
    caveats: `Not comparable with the literature on RCMSE, for the reason below. ${TEMPLATES}`,
  },
]);
