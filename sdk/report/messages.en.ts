// Every word the report prints, in English. This catalogue is the list of keys: the other languages are checked against it.
// Names in braces are filled in by `fill`.

export const messagesEn = {
  lang: 'en',
  reportKicker: 'Signal report',
  createdLabel: 'Created',
  versionLabel: 'Maibo',
  noStreams: 'This report holds no streams.',
  streamHeading: 'Stream {number}',
  deviceLabel: 'Device',
  firmwareLabel: 'Firmware',
  rateLabel: 'Sampling rate',
  signalEcg: 'Electrocardiogram (ECG)',
  signalPpg: 'Pulse wave (PPG)',
  signalRr: 'Beat intervals (RR)',
  signalVital: 'Single measurements',
  none: '-',

  aboutHeading: 'What this is, and is not',
  aboutIsHeading: 'It is',
  aboutIs:
    'A record for wellness and research: what the sensor measured, what was computed from it, by which programs, and how good the signal was.',
  aboutIsNotHeading: 'It is not',
  aboutIsNot:
    'A diagnosis, a medical device, or advice on treatment. A value outside a usual range can come from the sensor, from movement or from how it was worn. If you feel unwell, ask a doctor.',

  summaryHeading: 'Summary',
  tileDuration: 'Duration',
  tileIntervals: 'Beat intervals',
  tileIntervalsNote: '{used} used, {unused} corrected or set aside',
  tileHeartRate: 'Mean heart rate',
  tileOneWindow: 'one window',
  tileMedian: 'median of {count} windows',
  tileNoValue: 'no usable window',
  tileMissing: 'Missing signal',
  tileMissingNote: '{count} stretches',
  tileQuality: 'quality',

  stripHeading: 'ECG strip',
  stripCaption: 'One large square is {seconds} s wide and {amplitude} {unit} high. Triangles mark detected beats.',
  stripTruncated: 'Only the first {shown} s of the strip are drawn.',
  stripTitle: 'ECG strip from {from} to {to}',
  stripDesc: '{beats} detected beats, {gaps} missing stretches.',
  stripNone: 'This stream carries no waveform.',
  missing: 'missing',

  rrHeading: 'Beat intervals over time',
  rrCaption:
    'Each point is the time between two beats. The line is broken where intervals were corrected or set aside, or signal is missing; points beyond the axis are drawn at its edge.',
  rrTitle: 'RR intervals in milliseconds over the time of the stream',
  rrDesc: '{count} intervals, {flagged} corrected or set aside, {gaps} missing stretches.',
  rrNone: 'No intervals were found.',
  rrUsed: 'used',
  rrOther: 'other',
  rrFlagGap: 'over a gap',
  rrFlagPoor: 'beat in doubt',
  rrFlagShort: 'too short',
  rrFlagLong: 'too long',
  rrFlagEctopic: 'early or late beat',
  rrFlagMissed: 'beat missed',
  rrFlagExtra: 'beat too many',
  rrAxis: 'RR interval (ms)',
  axisS: 'time (s)',
  axisMin: 'time (min)',
  axisH: 'time (h)',

  gapsHeading: 'Missing stretches',
  gapsNone: 'No signal is missing.',
  gapReason: 'Reason',
  columnFrom: 'From',
  columnTo: 'To',
  columnLength: 'Length',
  moreRows: '{count} more rows are not shown; they are in the evidence.',

  measurementsHeading: 'Measurements',
  measurementsNone: 'Nothing was measured.',
  measurementsCaption:
    "Values as the device gave them. The time is when the gateway was told; the device's own clock may be wrong. A dash means that there was no value; it is never a zero.",
  columnTime: 'Time (UTC)',
  columnDeviceClock: "Device's own clock",
  columnMeasurement: 'Measurement',
  resultBloodPressure: 'Blood pressure',
  resultSaturation: 'Oxygen saturation',
  resultGlucose: 'Blood glucose',
  resultGlucoseContext: 'Note on a glucose value',
  resultTemperature: 'Temperature',
  resultWeight: 'Weight',
  resultBodyComposition: 'Body composition',
  quantitySystolic: 'systolic',
  quantityDiastolic: 'diastolic',
  quantityMean: 'mean',
  quantityPulse: 'pulse',
  quantitySaturation: 'saturation',
  quantityFat: 'fat',
  unitPerMin: '/min',

  hrvHeading: 'Heart rate variability',
  hrvNone: 'No window was long enough for a value.',
  hrvCaption: 'Names follow NeuroKit2. A dash means that the window did not allow a value; it is never a zero.',
  hrvWindowsHeading: 'Windows',
  columnName: 'Name',
  columnUnit: 'Unit',
  columnMeaning: 'In plain words',
  columnMedian: 'Median',
  columnLowest: 'Lowest',
  columnHighest: 'Highest',
  columnWindow: 'Window',
  columnQuality: 'Quality',
  columnCoverage: 'Coverage',
  columnFlags: 'Remarks',
  windowNumber: 'Window {number}',
  unitRatio: 'ratio',
  unitNone: 'none',
  meaningUnknown: 'Described with the method that computed it.',

  provenanceHeading: 'Where the numbers come from',
  coresHeading: 'Signal cores',
  coresNone: 'No core was used.',
  columnVersion: 'Version',
  columnHash: 'SHA-256',
  parametersHeading: 'Parameters',
  parametersNone: 'No parameters were set.',
  columnValue: 'Value',
  pipelineLabel: 'Pipeline',
  recordsLabel: 'Sealed records',
  headHashLabel: 'Hash of the newest record',
  signerLabel: 'Signing key',
  labKeyWarning:
    'Signed with a lab key. The key is derived from a seed that anyone can use, so the signature shows that nothing was changed by accident, but not who signed.',
  clockLabel: 'Clock',
  clockValue: '{utc} at tick {ticks}, known to ± {uncertainty} (source: {source})',
  clockNone: 'No clock was recorded: times are device ticks only and cannot be placed in the calendar.',

  segmentsHeading: 'Segments and receipts',
  segmentsNone: 'Nothing has been packed into segments yet.',
  columnIndex: 'No.',
  columnSegment: 'Segment (SHA-256)',
  columnRecords: 'Records',
  columnSize: 'Size',
  columnReceipt: 'Platform receipt',
  receiptNone: 'none yet',
  receiptValue: 'received {utc}',
  receiptKey: 'platform key',

  recheckHeading: 'How to check this again',
  recheckIntro:
    'Every value above is sealed together with the samples it came from. With the evidence at hand, anyone can check it:',
  recheckSteps:
    'The command checks each signature, each hash and the chain, runs the same cores on the stored samples again and says where anything differs. PATH is the folder or file that holds the evidence.',
  footer: 'Wellness and research use only. Not a diagnosis.',
} as const;

export type MessageKey = keyof typeof messagesEn;
export type Messages = Readonly<Record<MessageKey, string>>;

/** Replace each `{name}` by its value; a name without a value is our mistake. */
export function fill(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`message "${message}" has no value for {${name}}`);
    return String(value);
  });
}
