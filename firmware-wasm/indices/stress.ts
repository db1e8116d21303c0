// Stress: Baevsky's indices of the histogram, z indices against norms and against the person, and the calibrated probability.

import { type IndexDefinition, inGroup } from './index-definition.ts';

type Text = Omit<IndexDefinition, 'group'>;

const HISTOGRAM =
  'Mo: centre of the fullest 50-ms bin of RR, in s; AMo: share of the intervals in it, in per cent; MxDMn: longest - shortest interval, in s';
const BINS =
  'Kubios takes the median for Mo, removes the slow trend first and shows the square root; Welltory trims MxDMn by a few beats. We take Mo from bins that begin at 0, and no trend out; what the core does not trust is left out before.';
const HISTOGRAM_CAVEATS =
  'MxDMn stands in the denominator: one ectopic beat lowers it, a flat series sends it beyond all bounds, so a flat series gives none. Long windows (a night) push it down. For windows of about 5 min.';

const BAEVSKY = {
  window: '5 min, moving',
  minimum: '60 good intervals over 60 s in the last 5 min, at most one artefact in ten, and an MxDMn of 50 ms',
  sources: ['baevsky2017'] as const,
  tools: BINS,
  responds: 'Rises when the rhythm becomes fast and stiff: sympathetic activation or vagal withdrawal.',
  caveats: HISTOGRAM_CAVEATS,
};

function baevsky(text: Pick<Text, 'column' | 'title' | 'plain' | 'unit' | 'formula'>): Text {
  return { ...BAEVSKY, ...text, terms: HISTOGRAM };
}

interface Side {
  readonly column: 'pns' | 'sns' | 'pnsOwn' | 'snsOwn';
  readonly isVagal: boolean;
  readonly isOwn: boolean;
}

function side({ column, isVagal, isOwn }: Side): Text {
  const system = isVagal ? 'Parasympathetic' : 'Sympathetic';
  const parts = isVagal ? 'mean RR, RMSSD and SD1 (n.u.)' : 'heart rate, sqrt SI and SD2 (n.u.)';
  const reference = isOwn ? "the person's own windows of the last hour" : 'healthy adults at rest (Nunan 2010)';
  const mode = isVagal ? 'rest mode' : 'action mode';
  return {
    column,
    title: `${system} index against ${isOwn ? 'the own baseline' : 'norms'}`,
    plain: {
      en: `How much the heart is in ${mode}, against ${isOwn ? 'your last hour' : 'healthy adults'}`,
      zh: `${isVagal ? '副交感（放松）' : '交感（应激）'}指数，与${isOwn ? '本人最近一小时' : '健康成人'}相比`,
    },
    unit: 'standard deviations',
    formula: `mean of the z values of ${parts} against ${reference}; n.u.: share of SD1 + SD2`,
    window: '5 min, moving',
    minimum: isOwn ? '10 windows with the values of before, and what they need' : 'as si and rmssdMs',
    sources: ['nunan2010', 'tarvainen2014'],
    tools:
      'Kubios names the same ingredients for its PNS and SNS indices and keeps their weights to itself; ours weigh equally, so the numbers are alike, not equal.',
    responds: isVagal ? 'Higher at rest and in recovery, lower under load.' : 'Higher under load, lower at rest.',
    caveats: `0 is the mean, 1 one standard deviation. Exercise reads as load. ${
      isOwn ? 'Says nothing about other people.' : 'Norms are of resting adults; age and posture shift them.'
    }`,
  };
}

interface Driver {
  readonly column: string;
  readonly en: string;
  readonly zh: string;
  readonly responds: string;
}

const DRIVERS: readonly Driver[] = [
  { column: 'byHeartRate', en: 'the heart rate', zh: '心率', responds: 'A heart rate above the own usual.' },
  {
    column: 'byVariability',
    en: 'the variability of beats',
    zh: '心率变异性',
    responds: 'A stiffer rhythm than usual.',
  },
  {
    column: 'byMotion',
    en: 'movement',
    zh: '身体活动',
    responds: 'Movement, which explains a fast heart without stress.',
  },
  {
    column: 'byEda',
    en: 'skin conductance',
    zh: '皮肤电活动',
    responds: 'Sweat glands, which only the sympathetic system drives.',
  },
  {
    column: 'byTemperature',
    en: 'skin temperature',
    zh: '皮肤温度',
    responds: 'Vessels of the skin, which narrow under stress.',
  },
];

const DRIVER = {
  unit: 'log-odds',
  window: '60 s, every 30 s',
  sources: ['iqbal2022'] as const,
  tools: 'No other tool is known to show it.',
  caveats: 'An account of the model, not of the body: groups that go together share what they add.',
};

function driver({ column, en, zh, responds }: Driver): Text {
  return {
    ...DRIVER,
    column,
    title: `What ${en} adds to the probability of stress`,
    plain: { en: `How far the stress estimate is moved by ${en}`, zh: `${zh}对应激概率的贡献` },
    formula: 'sum of the terms of this group; probability = 1 / (1 + exp(-sum of all groups and byNothing))',
    minimum: 'as the probability, and the sensor is there',
    responds,
  };
}

export const STRESS_DEFINITIONS: readonly IndexDefinition[] = inGroup('stress', [
  {
    column: 'probability',
    title: 'Probability of stress',
    plain: { en: 'How likely it is that you are stressed just now', zh: '当前处于应激状态的概率' },
    unit: '1',
    formula:
      'logistic regression on heart rate and variability and, where there are sensors, on motion, skin conductance and temperature, against what is usual for the person; nothing in it knows the time',
    window: '60 s, every 30 s',
    minimum:
      '30 good intervals in the last 5 min; none while movement explains the heart rate, and none for a rhythm that no resting heart has',
    sources: ['iqbal2022'],
    tools:
      'Vendors show scores of 0 to 100 by methods they do not publish. Ours is a probability: of the windows that say 0.7, seven in ten should be stress.',
    responds: 'Mental load, speaking before others and hyperventilation, as induced in a laboratory.',
    caveats:
      'Learnt from 23 people in one protocol; other stressors transfer poorly. Speech, posture, caffeine and fever look alike. No diagnosis.',
  },
  ...DRIVERS.map(driver),
  {
    ...DRIVER,
    column: 'byNothing',
    title: 'Starting point of the probability of stress',
    plain: { en: 'Where the stress estimate starts from', zh: '应激概率估计的起点' },
    formula: 'constant for a set of sensors',
    minimum: 'as the probability',
    responds: 'Nothing: it is the estimate for somebody of whom nothing is known.',
  },
  {
    column: 'heartRateBpm',
    title: 'Heart rate',
    plain: { en: 'Heartbeats per minute', zh: '每分钟心跳次数' },
    unit: 'beats/min',
    formula: 'from the good intervals, those near the end of the window weighing more',
    window: '60 s, moving',
    minimum: '30 good intervals in the last 5 min',
    sources: ['taskforce1996'],
    tools: 'Monitors average over 5 to 15 s or over beats: they are faster and less steady.',
    responds: 'Exertion, stress, posture, temperature, caffeine.',
    caveats: 'The weighting makes it follow a change sooner than the mean of the window would.',
  },
  baevsky({
    column: 'si',
    title: "Baevsky's stress index (index of tension, IN)",
    plain: { en: 'How stiff the rhythm of the heart is', zh: 'Baevsky应激指数（紧张指数）：心律的僵硬程度' },
    unit: '%/s2',
    formula: 'AMo / (2 x Mo x MxDMn)',
  }),
  baevsky({
    column: 'sqrtSi',
    title: 'Square root of the stress index',
    plain: { en: 'Stiffness of the rhythm, on a scale that suits statistics', zh: '应激指数的平方根：心律的僵硬程度' },
    unit: 'sqrt(%)/s',
    formula: 'sqrt(si)',
  }),
  baevsky({
    column: 'ivr',
    title: 'Index of vegetative balance',
    plain: {
      en: 'Height of the distribution of beats over its width',
      zh: '自主神经平衡指数（IVR）：间期分布的高宽比',
    },
    unit: '%/s',
    formula: 'AMo / MxDMn',
  }),
  baevsky({
    column: 'vpr',
    title: 'Vegetative rhythm index',
    plain: { en: 'How fast and narrow the rhythm is', zh: '自主神经节律指数（VPR）：心律有多快、多集中' },
    unit: '1/s2',
    formula: '1 / (Mo x MxDMn)',
  }),
  baevsky({
    column: 'papr',
    title: 'Index of adequacy of regulation (PAPR)',
    plain: {
      en: 'How much the rhythm gathers at its usual rate',
      zh: '调节过程适宜性指数（PAPR）：心律集中于常见间期的程度',
    },
    unit: '%/s',
    formula: 'AMo / Mo',
  }),
  baevsky({
    column: 'moS',
    title: 'Mode of the intervals (Mo)',
    plain: { en: 'The most frequent time between heartbeats', zh: '众数：最常见的心跳间期' },
    unit: 's',
    formula: 'Mo',
  }),
  baevsky({
    column: 'amoPercent',
    title: 'Amplitude of the mode (AMo)',
    plain: { en: 'Share of the beats at the most frequent interval', zh: '众数幅度：最常见间期的心跳所占比例' },
    unit: '%',
    formula: 'AMo',
  }),
  baevsky({
    column: 'mxDMnS',
    title: 'Variation range (MxDMn)',
    plain: { en: 'Longest less shortest time between heartbeats', zh: '变异范围：最长与最短间期之差' },
    unit: 's',
    formula: 'MxDMn',
  }),
  {
    column: 'rmssdMs',
    title: 'Root mean square of successive differences',
    plain: { en: 'How much neighbouring heartbeats differ', zh: '相邻心跳间期差异的大小' },
    unit: 'ms',
    formula: 'sqrt(mean(dRR^2)) of the good intervals',
    window: '5 min, moving',
    minimum: '30 differences between good neighbours in the last 5 min, and 60 good intervals',
    sources: ['taskforce1996', 'nunan2010'],
    tools: 'As HRV_RMSSD, of the intervals that the stress core trusts.',
    responds: 'Vagal control of the heart.',
    caveats: 'From a wrist in motion it is mostly noise of the pulse wave.',
  },
  side({ column: 'pns', isVagal: true, isOwn: false }),
  side({ column: 'sns', isVagal: false, isOwn: false }),
  side({ column: 'pnsOwn', isVagal: true, isOwn: true }),
  side({ column: 'snsOwn', isVagal: false, isOwn: true }),
]);
