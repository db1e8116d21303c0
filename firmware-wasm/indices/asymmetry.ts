// The 16 indices of heart rate asymmetry: does the heart slow down as it speeds up? Points of the Poincaré plot above the line of
// identity are decelerations (RR[i+1] > RR[i]), below it accelerations.

import { type IndexDefinition, inGroup } from './index-definition.ts';
import type { SourceKey } from './sources.ts';

const WINDOW = '30 min in Piskorski and Guzik; 5 min is in use and noisy';
const MINIMUM = '3 intervals and a difference that is not 0';
const GAPS = 'Pairs across a gap are left out.';
const HALF = 'The deviation from one half is small: only long, clean series show it for one person.';

const SHORT = {
  sources: ['guzik2006', 'piskorski2007', 'piskorski2011'] as const,
  responds: 'Decelerations contribute more than half to short-term variability in most healthy people at rest.',
  tools:
    'Distances are from the line of identity and divided by the pairs - 1, as in NeuroKit2. SD1d^2 + SD1a^2 is SD1^2 but for a trend.',
};
const LONG = {
  sources: ['piskorski2011'] as const,
  responds: 'Accelerations contribute more than half to long-term variability in most healthy people at rest.',
  tools: 'Points on the line of identity are shared in halves, as in NeuroKit2.',
};
const TOTAL = {
  sources: ['piskorski2011'] as const,
  responds: 'Accelerations contribute more than half to total variability in most healthy people at rest.',
  tools: 'As in NeuroKit2: SDNNd^2 + SDNNa^2 is near SDNN^2, not equal to it.',
};

interface Share {
  readonly column: string;
  readonly title: string;
  readonly plain: { readonly en: string; readonly zh: string };
  readonly formula: string;
  readonly source: SourceKey;
  readonly tools: string;
}

/** Guzik's, slope, area and Porta's index: per cent, 50 is symmetric. */
function share({ column, title, plain, formula, source, tools }: Share): Omit<IndexDefinition, 'group'> {
  return {
    column,
    title,
    plain,
    unit: '%',
    formula,
    window: WINDOW,
    minimum: '1 successive difference that is not 0',
    sources: [source, 'yan2017'],
    tools,
    responds: 'How differently the heart slows down and speeds up. 50 is symmetric.',
    caveats: `${HALF} ${GAPS}`,
  };
}

interface Half {
  readonly column: string;
  readonly title: string;
  readonly plain: { readonly en: string; readonly zh: string };
  readonly unit: 'ms' | '1';
  readonly formula: string;
  readonly of: typeof SHORT | typeof LONG | typeof TOTAL;
}

/** What accelerations or decelerations contribute to a variance. */
function half({ column, title, plain, unit, formula, of }: Half): Omit<IndexDefinition, 'group'> {
  return { column, title, plain, unit, formula, window: WINDOW, minimum: MINIMUM, ...of, caveats: `${HALF} ${GAPS}` };
}

export const ASYMMETRY_DEFINITIONS: readonly IndexDefinition[] = inGroup('asymmetry', [
  share({
    column: 'HRV_GI',
    title: "Guzik's index",
    plain: { en: 'Share of slowing down in the beat-to-beat change', zh: 'Guzik指数：减速在逐搏变化中的份额' },
    formula: '100 x sum of the distances from the line of identity above it / sum of all',
    source: 'guzik2006',
    tools: 'Some papers weigh with squared distances; NeuroKit2 with distances, and so do we. C1d has the squares.',
  }),
  share({
    column: 'HRV_SI',
    title: 'Slope index',
    plain: { en: 'Asymmetry of slowing down and speeding up, by angles', zh: '斜率指数：按角度计的加减速不对称' },
    formula: '100 x sum of |45 degrees - atan(RR[i+1] / RR[i])| above the line of identity / sum of all',
    source: 'karmakar2015',
    tools: "NeuroKit2's formula. Not Baevsky's stress index, which is often called SI as well.",
  }),
  share({
    column: 'HRV_AI',
    title: 'Area index',
    plain: { en: 'Asymmetry of slowing down and speeding up, by areas', zh: '面积指数：按面积计的加减速不对称' },
    formula:
      '100 x sum of the sectors (angle from the line of identity x distance from the origin^2 / 2) above it / sum of all',
    source: 'yan2017',
    tools: "NeuroKit2's formula, after Yan 2017.",
  }),
  share({
    column: 'HRV_PI',
    title: "Porta's index",
    plain: { en: 'Share of beats at which the heart speeds up', zh: 'Porta指数：加速心搏所占比例' },
    formula: '100 x points below the line of identity / points not on it',
    source: 'porta2008',
    tools: "NeuroKit2's formula. It counts accelerations where the three others weigh decelerations.",
  }),
  half({
    column: 'HRV_C1d',
    title: 'Contribution of decelerations to short-term variance',
    plain: { en: 'Part of the fast variability that is slowing down', zh: '减速对短期变异的贡献' },
    unit: '1',
    formula: 'SD1d^2 / (SD1d^2 + SD1a^2)',
    of: SHORT,
  }),
  half({
    column: 'HRV_C1a',
    title: 'Contribution of accelerations to short-term variance',
    plain: { en: 'Part of the fast variability that is speeding up', zh: '加速对短期变异的贡献' },
    unit: '1',
    formula: 'SD1a^2 / (SD1d^2 + SD1a^2) = 1 - C1d',
    of: SHORT,
  }),
  half({
    column: 'HRV_SD1d',
    title: 'Short-term variability of decelerations',
    plain: { en: 'Fast variability while slowing down', zh: '减速时的短期变异' },
    unit: 'ms',
    formula: 'sqrt(sum over decelerations of (dRR^2 / 2) / (pairs - 1))',
    of: SHORT,
  }),
  half({
    column: 'HRV_SD1a',
    title: 'Short-term variability of accelerations',
    plain: { en: 'Fast variability while speeding up', zh: '加速时的短期变异' },
    unit: 'ms',
    formula: 'sqrt(sum over accelerations of (dRR^2 / 2) / (pairs - 1))',
    of: SHORT,
  }),
  half({
    column: 'HRV_C2d',
    title: 'Contribution of decelerations to long-term variance',
    plain: { en: 'Part of the slower variability that is slowing down', zh: '减速对长期变异的贡献' },
    unit: '1',
    formula: 'SD2d^2 / (SD2d^2 + SD2a^2)',
    of: LONG,
  }),
  half({
    column: 'HRV_C2a',
    title: 'Contribution of accelerations to long-term variance',
    plain: { en: 'Part of the slower variability that is speeding up', zh: '加速对长期变异的贡献' },
    unit: '1',
    formula: 'SD2a^2 / (SD2d^2 + SD2a^2) = 1 - C2d',
    of: LONG,
  }),
  half({
    column: 'HRV_SD2d',
    title: 'Long-term variability of decelerations',
    plain: { en: 'Slower variability while slowing down', zh: '减速时的长期变异' },
    unit: 'ms',
    formula:
      'sqrt((sum over decelerations + half the sum over equal pairs, of squared distances along the line of identity from the centre) / (pairs - 1))',
    of: LONG,
  }),
  half({
    column: 'HRV_SD2a',
    title: 'Long-term variability of accelerations',
    plain: { en: 'Slower variability while speeding up', zh: '加速时的长期变异' },
    unit: 'ms',
    formula: 'as SD2d, over accelerations',
    of: LONG,
  }),
  half({
    column: 'HRV_Cd',
    title: 'Contribution of decelerations to total variance',
    plain: { en: 'Part of all variability that is slowing down', zh: '减速对总变异的贡献' },
    unit: '1',
    formula: 'SDNNd^2 / (SDNNd^2 + SDNNa^2)',
    of: TOTAL,
  }),
  half({
    column: 'HRV_Ca',
    title: 'Contribution of accelerations to total variance',
    plain: { en: 'Part of all variability that is speeding up', zh: '加速对总变异的贡献' },
    unit: '1',
    formula: 'SDNNa^2 / (SDNNd^2 + SDNNa^2) = 1 - Cd',
    of: TOTAL,
  }),
  half({
    column: 'HRV_SDNNd',
    title: 'Total variability of decelerations',
    plain: { en: 'All variability while slowing down', zh: '减速时的总变异' },
    unit: 'ms',
    formula: 'sqrt((SD1d^2 + SD2d^2) / 2)',
    of: TOTAL,
  }),
  half({
    column: 'HRV_SDNNa',
    title: 'Total variability of accelerations',
    plain: { en: 'All variability while speeding up', zh: '加速时的总变异' },
    unit: 'ms',
    formula: 'sqrt((SD1a^2 + SD2a^2) / 2)',
    of: TOTAL,
  }),
]);
