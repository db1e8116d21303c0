// The 14 measures of the recurrence plot: when does the rhythm come back to where it was?

import { type IndexDefinition, inGroup } from './index-definition.ts';

const PLOT =
  'NeuroKit2: linear trend removed, 7 intervals per state, delay 1, Euclidean distance, radius half the mean distance of the points (RR, RR) (Zimatore 2021), lines of at least 2. ' +
  'Kubios: 10 per state, radius sqrt(10) x SDNN, other minimum lengths. We follow NeuroKit2.';
const VERTICAL =
  'NeuroKit2 reads vertical lines on one side of the main diagonal, so a line through it is cut there; so do we.';
const CAVEATS =
  'Every measure moves with the radius, the embedding and the length of the series: compare only like with like. States that hold a gap are left out.';

interface Measure {
  readonly column: string;
  readonly title: string;
  readonly plain: { readonly en: string; readonly zh: string };
  readonly unit: string;
  readonly formula: string;
  readonly minimum?: string;
  readonly sources?: IndexDefinition['sources'];
  readonly tools?: string;
  readonly responds: string;
}

const ANY_STATES = '8 intervals: two states';

function measure({ column, title, plain, unit, formula, minimum, sources, tools, responds }: Measure) {
  return {
    column,
    title,
    plain,
    unit,
    formula,
    window: '5 min; compare only series of one length',
    minimum: minimum ?? ANY_STATES,
    maximum: '10,000 intervals: the work grows with their square',
    sources: sources ?? (['webber1994', 'marwan2007', 'zimatore2021'] as const),
    tools: tools === undefined ? PLOT : `${tools} ${PLOT}`,
    responds,
    caveats: CAVEATS,
  };
}

const REGULAR = 'Higher when the rhythm is regular or bound: effort above the ventilatory thresholds, paced breathing.';

export const RECURRENCE_DEFINITIONS: readonly IndexDefinition[] = inGroup('recurrence', [
  measure({
    column: 'RecurrenceRate',
    title: 'Recurrence rate',
    plain: { en: 'How often the rhythm comes back to where it was', zh: '递归率：心律重现先前状态的频率' },
    unit: '1',
    formula: 'recurrent pairs of states / all pairs',
    responds: REGULAR,
  }),
  measure({
    column: 'DiagRec',
    title: 'Slope of the diagonal recurrence rates',
    plain: { en: 'How recurrence fades with distance in time', zh: '递归率随时间距离衰减的快慢' },
    unit: '1',
    formula: 'slope of log2(recurrence rate of a diagonal) over log2(its distance from the main one)',
    minimum: 'three diagonals with a recurrence',
    sources: ['tomashin2022'],
    responds: 'Long memory of the rhythm: flatter when it lasts.',
  }),
  measure({
    column: 'Determinism',
    title: 'Determinism',
    plain: { en: 'Share of returns that go on in the same way', zh: '确定性：重现后继续相似演变的比例' },
    unit: '1',
    formula: 'recurrent points on diagonal lines of at least 2 / all recurrent points',
    minimum: 'one recurrence',
    responds: REGULAR,
  }),
  measure({
    column: 'DeteRec',
    title: 'Ratio of determinism to recurrence rate',
    plain: { en: 'How orderly the returns are, for their number', zh: '确定性与递归率之比' },
    unit: '1',
    formula: 'Determinism / RecurrenceRate',
    minimum: 'one recurrence',
    responds: 'Changes of state of the rhythm.',
  }),
  measure({
    column: 'L',
    title: 'Mean length of diagonal lines',
    plain: { en: 'How long similar stretches last', zh: '对角线平均长度：相似片段持续多久' },
    unit: 'beats',
    formula: 'mean length of diagonal lines of at least 2; 0 when there is none',
    responds: REGULAR,
  }),
  measure({
    column: 'Divergence',
    title: 'Divergence',
    plain: { en: 'How soon similar stretches part', zh: '散度：相似片段分离的快慢' },
    unit: '1/beats',
    formula: '1 / length of the longest diagonal line',
    minimum: 'one diagonal line of at least 2',
    responds: 'Related to the largest Lyapunov exponent in theory.',
  }),
  measure({
    column: 'LEn',
    title: 'Entropy of diagonal lines',
    plain: { en: 'How varied the similar stretches are in length', zh: '对角线长度熵：相似片段长度的多样性' },
    unit: 'nat',
    formula: '-sum p ln p, p: share of each length among diagonal lines of at least 2',
    responds: 'Higher when order comes in many forms.',
  }),
  measure({
    column: 'Laminarity',
    title: 'Laminarity',
    plain: { en: 'Share of returns at which the rhythm stays put', zh: '层流性：心律停留在某一状态的比例' },
    unit: '1',
    formula: 'recurrent points on vertical lines of at least 2 / all recurrent points',
    minimum: 'one recurrence',
    tools: VERTICAL,
    responds: 'Phases in which the rhythm hardly changes.',
  }),
  measure({
    column: 'TrappingTime',
    title: 'Trapping time',
    plain: { en: 'How long the rhythm stays put', zh: '捕获时间：心律停留的平均时长' },
    unit: 'beats',
    formula: 'mean length of vertical lines of at least 2; 0 when there is none',
    tools: VERTICAL,
    responds: 'Phases in which the rhythm hardly changes.',
  }),
  measure({
    column: 'VMax',
    title: 'Longest vertical line',
    plain: { en: 'The longest time the rhythm stays put', zh: '最长垂直线：心律停留的最长时间' },
    unit: 'beats',
    formula: 'length of the longest vertical line; 0 when there is none of at least 2',
    tools: VERTICAL,
    responds: 'Phases in which the rhythm hardly changes.',
  }),
  measure({
    column: 'VEn',
    title: 'Entropy of vertical lines',
    plain: { en: 'How varied the stays are in length', zh: '垂直线长度熵：停留时长的多样性' },
    unit: 'nat',
    formula: '-sum p ln p, p: share of each length among vertical lines of at least 2',
    tools: VERTICAL,
    responds: 'Higher when stays come in many lengths.',
  }),
  measure({
    column: 'W',
    title: 'Mean length of white vertical lines',
    plain: { en: 'How long the rhythm stays away', zh: '白色垂直线平均长度：重现间隔的平均时长' },
    unit: 'beats',
    formula: 'mean length of runs of at least 2 states without recurrence; 0 when there is none',
    tools: VERTICAL,
    responds: 'Time between returns.',
  }),
  measure({
    column: 'WMax',
    title: 'Longest white vertical line',
    plain: { en: 'The longest time the rhythm stays away', zh: '最长白色垂直线：最长的重现间隔' },
    unit: 'beats',
    formula: 'longest run of states without recurrence; 0 when there is none of at least 2',
    tools: VERTICAL,
    responds: 'Time between returns; large after a step of the rate.',
  }),
  measure({
    column: 'WEn',
    title: 'Entropy of white vertical lines',
    plain: { en: 'How varied the times between returns are', zh: '白色垂直线长度熵：重现间隔的多样性' },
    unit: 'nat',
    formula: '-sum p ln p, p: share of each length among runs of at least 2 states without recurrence',
    tools: VERTICAL,
    responds: 'Higher when returns are irregular.',
  }),
]);
