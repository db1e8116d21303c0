// Four measures of complexity: three dimensions and a count of new patterns.

import { type IndexDefinition, inGroup } from './index-definition.ts';

export const COMPLEXITY_DEFINITIONS: readonly IndexDefinition[] = inGroup('complexity', [
  {
    column: 'HRV_CD',
    title: 'Correlation dimension',
    plain: { en: 'How many influences seem to shape the rhythm', zh: '关联维数：影响心律的因素有多少' },
    unit: '1',
    formula:
      'slope of log2 C(r) over log2 r; C: share of pairs of points (RR[i], RR[i+1]) nearer than r; 64 radii (1 + s) / 2 ms, evenly spaced in log2, s from 2.5 to 50 % of the largest distance',
    window: '5 min in use; thousands of beats in theory',
    minimum: 'pairs of points within two of the radii',
    maximum: '10,000 intervals: the work grows with their square',
    sources: ['grassberger1983'],
    tools:
      'NeuroKit2 embeds in two dimensions, so it cannot exceed 2; Kubios (D2) in ten. The radii (1 + s) / 2 are what its spacing function makes of s. We follow NeuroKit2.',
    responds: 'Lower when the rhythm is simpler.',
    caveats:
      'A description of the cloud, no proof of chaos. Coarse stamps bend the line. Pairs across a gap are left out.',
  },
  {
    column: 'HRV_HFD',
    title: "Higuchi's fractal dimension",
    plain: { en: 'How rugged the curve of intervals is', zh: 'Higuchi分形维数：心跳间期曲线的粗糙程度' },
    unit: '1',
    formula: 'slope of ln L(k) over ln(1/k), k = 1 to 10; L(k): mean length of the curve through every k-th interval',
    window: '5 min',
    minimum: '20 intervals that are not all equal',
    sources: ['higuchi1988'],
    tools: 'The largest k is a choice: NeuroKit2 has 10 for HRV, and so have we.',
    responds: '1: smooth; 1.5: random walk; 2: every beat by chance.',
    caveats: 'Steps across a gap are left out.',
  },
  {
    column: 'HRV_KFD',
    title: "Katz's fractal dimension",
    plain: { en: 'How far the curve of intervals wanders for its length', zh: 'Katz分形维数：心跳间期曲线的曲折程度' },
    unit: '1',
    formula: 'log10(L / a) / log10(d / a); L: sum of |dRR|, a: their mean, d: largest |RR - RR[1]|',
    window: '5 min; compare only series of one length',
    minimum: '3 intervals that are not all equal',
    sources: ['katz1988'],
    tools: 'NeuroKit2 measures along the axis of values alone; Katz along the drawn curve. We follow NeuroKit2.',
    responds: 'Rises with fast variability against slow.',
    caveats: 'Depends on the first interval. Large when d is near a, without bound.',
  },
  {
    column: 'HRV_LZC',
    title: 'Lempel-Ziv complexity',
    plain: { en: 'How many new patterns the rhythm keeps making', zh: 'Lempel-Ziv复杂度：心律中新模式出现的多少' },
    unit: '1',
    formula: 'c log2(N) / N; c: number of new words in the sequence of "above the mean" and "not above"',
    window: '5 min; compare only series of one length',
    minimum: '2 intervals that are not all equal',
    maximum: '32,768 intervals: the work grows with their square',
    sources: ['lempel1976'],
    tools: 'The threshold is the mean in NeuroKit2, and here; the median is in use elsewhere.',
    responds: 'Near 1 for chance, lower for regular rhythms.',
    caveats: 'A trend makes two long words and a low value. Can exceed 1 in short series.',
  },
]);
