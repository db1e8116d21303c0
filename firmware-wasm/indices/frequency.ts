// The 10 indices of the frequency domain.

import { type IndexDefinition, inGroup } from './index-definition.ts';

const PROFILES = {
  maibo: '4-Hz cubic spline, straight line removed, one Hann window over all, band from edge to edge',
  neurokit:
    '100-Hz quadratic spline, Welch with Hann windows of half the series, trapezoids between the bins inside the band, from 4 / T on (T: length of the series, s)',
  kubios: '4-Hz cubic spline, smoothness priors (lambda 500), Welch with Hann windows of 300 s, band from edge to edge',
  taskforce: '4-Hz cubic spline, straight line removed, one Hann window over all, band from edge to edge',
} as const;
const UNIT =
  'Powers are in ms2, as in Kubios, hrv-analysis and NeuroKit2 with normalize=False. NeuroKit2 by default divides the spectrum by its maximum, which makes powers of two recordings incomparable; the profile neurokit-normalised repeats that.';
const SPLINE =
  "The default takes NeuroKit2's bands with a cubic spline: the quadratic one of NeuroKit2 takes 2.1 % off the power of a wave of 0.25 Hz at 75 beats a minute, the cubic one 1.0 % (EC57, TP2).";
const GAPS =
  'With a gap inside, every profile takes the spectrum of Lomb and Scargle from the intervals that are there, at their real times: no curve is drawn across the gap.';
const STATIONARY =
  'The rhythm must hold still: a trend or a step leaks into every band. Ectopic beats add power everywhere.';

interface Band {
  readonly column: string;
  readonly title: string;
  readonly plain: { readonly en: string; readonly zh: string };
  readonly lowHz: number;
  readonly highHz: number;
  readonly window: string;
  /** Shortest series in which two bins of the neurokit profile lie in the band. */
  readonly leastS: number;
  /** Shortest series in the other profiles, or that there is none. */
  readonly others: string;
  readonly tools: string;
  readonly responds: string;
  readonly caveats: string;
}

function band({ column, title, plain, lowHz, highHz, window, leastS, others, tools, responds, caveats }: Band) {
  return {
    column,
    title,
    plain,
    unit: 'ms2',
    formula: `integral of the power spectral density of RR from ${lowHz} to ${highHz} Hz`,
    window,
    minimum: `neurokit: ${leastS} s or a little more, so that two bins 1 / T apart lie in the band, and a power of exactly 0 is no value; ${others}`,
    sources: ['taskforce1996', 'welch1967', 'lomb1976'] as const,
    profiles: PROFILES,
    tools: `${tools} ${UNIT} ${SPLINE}`,
    responds,
    caveats: `${caveats} ${GAPS}`,
  };
}

export const FREQUENCY_DEFINITIONS: readonly IndexDefinition[] = inGroup('frequency', [
  band({
    column: 'HRV_ULF',
    title: 'Power of ultra-low frequencies',
    plain: { en: 'Variability over hours', zh: '以小时计的超低频变异' },
    lowHz: 0,
    highHz: 0.0033,
    window: '24 h',
    leastS: 1_520,
    others: 'maibo: 1 h; kubios: none; taskforce: 1 h, and then the band ends at 0.003 Hz',
    tools:
      'Kubios and hrv-analysis do not split it from VLF in short recordings. RHRV has other bands (ULF to 0.03 Hz).',
    responds: 'Day and night, activity, temperature and hormones.',
    caveats: 'In anything shorter than hours it is a trend, not a rhythm.',
  }),
  band({
    column: 'HRV_VLF',
    title: 'Power of very low frequencies',
    plain: { en: 'Variability over half a minute to five minutes', zh: '半分钟至五分钟尺度的极低频变异' },
    lowHz: 0.0033,
    highHz: 0.04,
    window: '24 h; with caution 5 min',
    leastS: 125,
    others: 'the other profiles: 100 s measured',
    tools:
      'NeuroKit2 drops everything below 4 / T: at five minutes VLF begins at 0.0133 Hz there. Kubios (and our kubios and taskforce profiles) begin at 0 Hz; hrv-analysis at 0.003 Hz.',
    responds: 'Debated: thermoregulation, the renin-angiotensin system, slow activity.',
    caveats: 'The Task Force calls it dubious in five minutes; any detrending changes it.',
  }),
  band({
    column: 'HRV_LF',
    title: 'Power of low frequencies',
    plain: { en: 'Variability in waves of about ten seconds', zh: '约十秒周期的低频变异' },
    lowHz: 0.04,
    highHz: 0.15,
    window: '5 min; at least 2 min',
    leastS: 34,
    others: 'the other profiles: 50 s measured, two cycles of 0.04 Hz',
    tools: 'The band is common to all but RHRV (from 0.05 Hz).',
    responds: 'Baroreflex activity, through both branches of the autonomic system.',
    caveats: `Not a measure of sympathetic tone. Breathing slower than nine a minute falls into it. ${STATIONARY}`,
  }),
  band({
    column: 'HRV_HF',
    title: 'Power of high frequencies',
    plain: { en: 'Variability in step with breathing', zh: '与呼吸同步的高频变异' },
    lowHz: 0.15,
    highHz: 0.4,
    window: '5 min; at least 1 min',
    leastS: 13,
    others: 'the other profiles: 13.3 s measured, two cycles of 0.15 Hz, and 10 intervals',
    tools: 'The band is common to all.',
    responds: 'Vagal control, by way of respiratory sinus arrhythmia.',
    caveats: `Breathing outside 9 to 24 a minute moves it out of the band: look at the breathing rate beside it. ${STATIONARY}`,
  }),
  band({
    column: 'HRV_VHF',
    title: 'Power of very high frequencies',
    plain: { en: 'Variability faster than normal breathing', zh: '快于正常呼吸的甚高频变异' },
    lowHz: 0.4,
    highHz: 0.5,
    window: '5 min',
    leastS: 20,
    others: 'the other profiles: 13.3 s measured, and 10 intervals',
    tools: 'Given by NeuroKit2; most others end at 0.4 Hz.',
    responds: 'Fast breathing; noise in the detection of beats.',
    caveats: 'Half of the heart rate is the fastest there is: at 48 a minute the band ends at 0.4 Hz.',
  }),
  {
    column: 'HRV_TP',
    title: 'Total power',
    plain: { en: 'Power of all variability in the window', zh: '全部变异的总功率' },
    unit: 'ms2',
    formula: 'sum of the powers of the bands',
    profiles: {
      maibo: 'ULF + VLF + LF + HF + VHF, those that exist',
      neurokit: 'as maibo',
      kubios: 'VLF + LF + HF',
      taskforce: 'VLF + LF + HF, from 1 h on ULF as well',
    },
    window: '5 min; 24 h for prognosis',
    minimum: 'one band; kubios and taskforce: VLF, 100 s measured',
    sources: ['taskforce1996'],
    tools: `NeuroKit2 adds VHF, and the strips between the outermost bins of two bands are in none: its TP is less than the variance. Kubios ends at 0.4 Hz.`,
    responds: 'As SDNN, of which it is the square spread over frequencies.',
    caveats: `${STATIONARY} ${GAPS}`,
  },
  {
    column: 'HRV_LFHF',
    title: 'Ratio of LF to HF power',
    plain: { en: 'Slow waves against breathing waves', zh: '低频与高频功率之比' },
    unit: '1',
    formula: 'LF / HF',
    window: '5 min; at least 2 min',
    minimum: 'LF and HF exist',
    sources: ['taskforce1996', 'billman2013'],
    tools: 'The ratio is the same in ms2 and in normalised units, but it inherits every difference of the spectra.',
    responds: 'Rises on standing up and in many kinds of load.',
    caveats:
      'It is not "sympathovagal balance": LF is not sympathetic, the two do not mirror each other, and slow breathing raises it at rest.',
  },
  {
    column: 'HRV_LFn',
    title: 'Normalised LF power',
    plain: { en: 'Share of the slow waves', zh: '低频功率所占份额' },
    unit: '1',
    formula: 'LF over the power that is looked at',
    profiles: { maibo: 'LF / TP', neurokit: 'LF / TP', kubios: 'LF / (LF + HF)', taskforce: 'LF / (LF + HF)' },
    window: '5 min; at least 2 min',
    minimum: 'LF exists',
    sources: ['taskforce1996'],
    tools:
      'NeuroKit2 divides by the total power with VLF in it; the Task Force and Kubios by TP - VLF, which is LF + HF, in per cent (n.u.); so does hrv-analysis. We give shares, not per cent.',
    responds: 'As LFHF.',
    caveats: 'As LFHF, of which it is a function where VLF is left out.',
  },
  {
    column: 'HRV_HFn',
    title: 'Normalised HF power',
    plain: { en: 'Share of the breathing waves', zh: '高频功率所占份额' },
    unit: '1',
    formula: 'HF over the power that is looked at',
    profiles: { maibo: 'HF / TP', neurokit: 'HF / TP', kubios: 'HF / (LF + HF)', taskforce: 'HF / (LF + HF)' },
    window: '5 min; at least 1 min',
    minimum: 'HF exists; kubios and taskforce: LF as well',
    sources: ['taskforce1996'],
    tools: 'As HRV_LFn.',
    responds: 'Vagal share of the variability, under steady breathing.',
    caveats: 'As LFHF: a share falls when something else rises.',
  },
  {
    column: 'HRV_LnHF',
    title: 'Natural logarithm of HF power',
    plain: { en: 'Breathing variability on a scale that suits statistics', zh: '高频功率的自然对数' },
    unit: 'ln ms2',
    formula: 'ln(HF)',
    window: '5 min; at least 1 min',
    minimum: 'HF exists',
    sources: ['akselrod1981', 'pham2021'],
    tools:
      "With NeuroKit2's normalised spectrum it is the logarithm of a number without unit and not comparable with any other.",
    responds: 'As HF; nearly normally distributed over people.',
    caveats: 'As HF.',
  },
]);
