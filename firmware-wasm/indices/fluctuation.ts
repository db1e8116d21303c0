// Detrended fluctuation analysis: two exponents, and eight features each of its multifractal form.

import { type IndexDefinition, inGroup } from './index-definition.ts';

type Text = Omit<IndexDefinition, 'group'>;

interface Range {
  readonly alpha: 'alpha1' | 'alpha2';
  readonly en: string;
  readonly zh: string;
  readonly beats: string;
  readonly kubios: string;
  readonly window: string;
  readonly minimum: string;
}

const SHORT: Range = {
  alpha: 'alpha1',
  en: 'over 4 to 11 beats',
  zh: '4至11次心跳尺度',
  beats: 'box sizes 4 to 11',
  kubios: 'box sizes 4 to 12; more than 12 intervals',
  window: '5 min or more',
  minimum: '12 intervals',
};
const LONG: Range = {
  alpha: 'alpha2',
  en: 'over 12 beats and more',
  zh: '12次及以上心跳尺度',
  beats: 'box sizes 12 to (N + 1) / 10',
  kubios: 'box sizes 13 to 64; more than 64 intervals',
  window: '24 h in the original; at least 10 min',
  minimum: '129 intervals: two box sizes',
};

const METHOD =
  'What is boxed is the running sum of RR - mean. Boxes overlap by half, a line is taken out of each. Kubios fits 4-12 and 13-64 beats, pyHRV 4-16 and 17-64 without overlap, Peng 4-16 and 16-64. The default follows NeuroKit2. Above 40,000 intervals some box sizes are left out, evenly.';
const GAPS = 'No box reaches across a gap.';

function exponent({ alpha, en, zh, beats, kubios, window, minimum }: Range): Text {
  const isShort = alpha === 'alpha1';
  return {
    column: `HRV_DFA_${alpha}`,
    title: `${isShort ? 'Short' : 'Long'}-term exponent of detrended fluctuation analysis`,
    plain: { en: `How similar the rhythm is to itself ${en}`, zh: `心律的自相似程度（${zh}）` },
    unit: '1',
    formula: `slope of log2 F(n) over log2 n, ${beats}; F: root mean square of the profile about the line of its box`,
    profiles: { kubios },
    window,
    minimum,
    sources: isShort ? ['peng1995', 'huikuri2000'] : ['peng1995'],
    tools: METHOD,
    responds: isShort
      ? '0.5: every beat by chance; 1: 1/f; 1.5: a random walk. Near 1 at rest; falls towards 0.5 and below in hard exercise and in some heart disease.'
      : 'Near 1 over a day in healthy people.',
    caveats: isShort
      ? `Regular breathing raises or lowers it by its period; ectopic beats push it to 0.5. ${GAPS}`
      : `In five minutes less than two octaves are left to fit: the error is large. ${GAPS}`,
  };
}

interface Feature {
  readonly name: string;
  readonly title: string;
  readonly en: string;
  readonly zh: string;
  readonly formula: string;
  readonly sources: Text['sources'];
  readonly tools: string;
}

const FEATURES: readonly Feature[] = [
  {
    name: 'Width',
    title: 'Width of the singularity spectrum',
    en: 'How many kinds of self-similarity are mixed',
    zh: '多重分形谱宽度：自相似种类的多少',
    formula: 'max(a) - min(a)',
    sources: ['kantelhardt2002', 'orozco2015'],
    tools: '',
  },
  {
    name: 'Peak',
    title: 'Position of the peak of the singularity spectrum',
    en: 'The most frequent kind of self-similarity',
    zh: '多重分形谱峰值位置：最常见的自相似程度',
    formula: 'a at which D(a) is largest',
    sources: ['kantelhardt2002', 'orozco2015'],
    tools: '',
  },
  {
    name: 'Mean',
    title: 'Middle of the singularity spectrum',
    en: 'The middle of the kinds of self-similarity',
    zh: '多重分形谱中点：自相似程度的中值',
    formula: '(max(a) + min(a)) / 2',
    sources: ['kantelhardt2002', 'orozco2015'],
    tools: '',
  },
  {
    name: 'Max',
    title: 'Spectrum at the largest singularity exponent',
    en: 'Weight of the calmest stretches',
    zh: '最大奇异指数处的谱值：平静片段的比重',
    formula: 'D at max(a)',
    sources: ['orozco2015'],
    tools: '',
  },
  {
    name: 'Delta',
    title: 'Difference of the spectrum between its ends',
    en: 'Calm against lively stretches',
    zh: '多重分形谱两端之差：平静与活跃片段之比较',
    formula: 'D at max(a) - D at min(a)',
    sources: ['orozco2015'],
    tools: '',
  },
  {
    name: 'Asymmetry',
    title: 'Asymmetry of the singularity spectrum',
    en: 'To which side the mixture leans',
    zh: '多重分形谱不对称性：偏向哪一侧',
    formula: '(min(a) - Peak) / Width',
    sources: ['orozco2015'],
    tools: "NeuroKit2's sign makes it -0.5 for a symmetric spectrum, where the paper has 0.5. We follow NeuroKit2. ",
  },
  {
    name: 'Fluctuation',
    title: 'h-fluctuation index',
    en: 'How unevenly self-similarity changes with size of the fluctuation',
    zh: 'h波动指数：自相似程度变化的不均匀性',
    formula: 'sum of the squared second derivative of h(q) / (2 max|q| + 2)',
    sources: ['orozco2015'],
    tools: "NeuroKit2 takes the derivative as numpy's gradient twice, and divides by 12 for q up to 5; so do we. ",
  },
  {
    name: 'Increment',
    title: 'Cumulative squared increments of h(q)',
    en: 'How much self-similarity changes with size of the fluctuation',
    zh: '广义赫斯特指数增量：自相似程度随波动大小的变化',
    formula: 'sum of (dh/dq)^2 dq',
    sources: ['faini2021'],
    tools: "NeuroKit2 takes the derivative as numpy's gradient; so do we. ",
  },
];

function feature(range: Range, { name, title, en, zh, formula, sources, tools }: Feature): Text {
  return {
    column: `HRV_MFDFA_${range.alpha}_${name}`,
    title: `${title}, ${range.en}`,
    plain: { en: `${en}, ${range.en}`, zh: `${zh}（${range.zh}）` },
    unit: '1',
    formula,
    terms: `h(q): DFA exponent for q = -5 to 5 over ${range.beats}; t = q h - 1, a = dt/dq, D = q a - t`,
    window: range.alpha === 'alpha1' ? 'hours; 5 min is in use and noisy' : 'hours',
    minimum: range.minimum,
    sources,
    tools: `${tools}Boxes whose variance is 1e-8 ms2 or less are left out, as in NeuroKit2. ${METHOD}`,
    responds: 'Loss of multifractality is described with age and in heart failure.',
    caveats: `q = -5 is decided by the quietest boxes, so interval stamps of 8 ms change it a lot. Meaningful between groups, hardly for one five-minute window. ${GAPS}`,
  };
}

export const FLUCTUATION_DEFINITIONS: readonly IndexDefinition[] = inGroup(
  'fluctuation',
  [SHORT, LONG].flatMap((range) => [exponent(range), ...FEATURES.map((one) => feature(range, one))]),
);
