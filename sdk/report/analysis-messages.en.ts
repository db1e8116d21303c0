// Every word that the page of an analysis adds to the report's, in English. This catalogue is the list of keys: the other languages
// are checked against it. Names in braces are filled in by `fill`.

export const analysisMessagesEn = {
  analysisKicker: 'Analysis of a recording',
  analysisSource: '{format}, {signal}{rate}',
  notesHeading: 'Notes',
  notesNone: 'Nothing to add.',
  tileError: 'standard error ± {error}',
  tileCoverage: 'coverage {coverage}',

  basisHeading: 'What the numbers are of',
  basisText: '{count} intervals, {choice}; they cover {coverage} of their time. Definitions: {profile}.',
  'choice-original': 'as they were measured, without impossible ones',
  'choice-exact': 'exactly as they were measured',
  'choice-corrected': 'corrected, from one normal beat to the next',
  'profile-maibo': "NeuroKit2's, with what is wrong there put right",
  'profile-neurokit': "NeuroKit2's, to the last digit",
  'profile-kubios': "Kubios'",
  'profile-taskforce': 'Task Force 1996',
  thinNote: 'Intervals cover less than half of the time, so nothing is computed.',

  indicesHeading: 'All indices',
  indicesCaption:
    'Names are those of NeuroKit2. Behind ± stands the standard error. A dash means that the recording does not allow a value; it is never a zero.',
  'group-time': 'Time domain',
  'group-frequency': 'Frequency domain',
  'group-poincare': 'Poincaré plot',
  'group-fragmentation': 'Fragmentation',
  'group-asymmetry': 'Asymmetry',
  'group-fluctuation': 'Fluctuation on several scales',
  'group-entropy': 'Entropy',
  'group-complexity': 'Complexity',
  'group-symbolic': 'Symbolic dynamics',
  'group-recurrence': 'Recurrence',
  'group-rsa': 'Breathing in the heart beat',
  'group-other': 'Others',

  bandsHeading: 'Power by frequency band',
  bandsCaption: 'How strongly the intervals swing at each pace. Thin lines show one standard error.',
  bandsTitle: 'Power of the frequency bands',
  bandsNone: 'The recording does not allow a spectrum.',
  bandULF: 'ultra low, below 0.0033 Hz',
  bandVLF: 'very low, up to 0.04 Hz',
  bandLF: 'low, 0.04 to 0.15 Hz',
  bandHF: 'high (breathing), 0.15 to 0.4 Hz',
  bandVHF: 'very high, 0.4 to 0.5 Hz',

  seriesHeading: 'Heart rate variability over time',
  seriesCaption:
    'Each value is of the {window} before it, a new one every {step}. The shaded band is one standard error to either side; a broken line means that there was too little signal.',
  seriesTitle: '{name} over time',
  seriesDesc: '{count} values, from {low} to {high}.',
  seriesNone: 'The recording holds no window with enough intervals.',

  stressHeading: 'Stress',
  stressCaption:
    'Probability that the {window} before each point were stressful, from the beats and whatever other signals were there. It is computed from what came before, never from what followed. Movement and illness can look like stress: no diagnosis.',
  stressTitle: 'Probability of stress over time',
  stressNone: 'There was too little signal to say anything.',
  stressAxis: 'Probability',
  driversHeading: 'What drove it',
  driversCaption: 'Above zero a signal spoke for stress, below zero against it (log-odds).',
  driversTitle: 'What each signal added, over time',
  driversAxis: 'Log-odds',
  'driver-heart': 'heart rate',
  'driver-variability': 'heart rate variability',
  'driver-motion': 'movement',
  'driver-eda': 'skin conductance',
  'driver-temperature': 'skin temperature',

  breathingHeading: 'Breathing',
  breathingCaption:
    'Breaths per minute, read from the heart beats. The shaded band is one standard error; where signals disagree or nothing repeats, nothing is drawn.',
  breathingTitle: 'Breathing rate over time',
  breathingNone: 'No steady breathing could be read from the beats.',
  breathingAxis: 'Breaths per minute',
  columnSource: 'Source',
  columnMedianRate: 'Median (breaths per minute)',
  columnShare: 'Windows with a rate',
  'source-fused': 'all together',
  'source-rr': 'beat intervals',
  'source-ecgHeight': 'height of the beats (ECG)',
  'source-ecgBaseline': 'baseline under the beats (ECG)',
  'source-ppgHeight': 'height of the pulses (PPG)',
  'source-ppgBaseline': 'baseline under the pulses (PPG)',
  'source-ppgInterval': 'intervals between pulses (PPG)',
  'source-respiration': 'respiration signal (for comparison)',
} as const;

export type AnalysisMessageKey = keyof typeof analysisMessagesEn;
export type AnalysisMessages = Readonly<Record<AnalysisMessageKey, string>>;
