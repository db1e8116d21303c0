// A made-up model with every feature of the report in it (gaps, flags, several windows, receipts, a lab key), for the tests
// and for looking at the page. Not a recording and not a simulation; simulator/wearer makes those.
import type { HrvWindow, ReportModel, ReportStream } from './report-model.ts';

const DURATION_S = 1800;
const RATE_HZ = 250;
const GAP = { fromS: 64.2, toS: 66.1, reason: 'lead-off' };
const LONG_GAP = { fromS: 1120, toS: 1290, reason: 'link-lost' };

export function sampleModel(): ReportModel {
  return {
    title: 'Evening recording',
    maiboVersion: '0.1.0',
    createdUtcUs: 1_790_000_000_000_000,
    streams: [sampleStream()],
  };
}

export function sampleStream(): ReportStream {
  const rr = sampleRr();
  return {
    deviceHex: '00112233445566778899aabbccddeeff',
    sensor: 'chest strap, lead I',
    signal: 'ecg',
    firmware: 'virtual 1.0',
    rateHz: RATE_HZ,
    unit: 'mV',
    durationS: DURATION_S,
    strip: sampleStrip(rr.timeS),
    rr,
    gaps: [GAP, LONG_GAP],
    hrvWindows: Array.from({ length: 6 }, (_, index) => sampleWindow(index)),
    measurements: { newest: [], count: 0 },
    provenance: {
      cores: [
        { name: 'ecg', version: '1.0.0', sha256Hex: 'c0'.repeat(32) },
        { name: 'hrv', version: '1.0.0', sha256Hex: '5a'.repeat(32) },
      ],
      pipeline: 'ecg-hrv 1.0.0',
      parameters: { windowS: 300, stepS: 300, mainsHz: 50, detector: 'default', note: null },
      signerHex: 'ab12'.repeat(16),
      labKey: true,
      clock: { source: 'lab', utcUs: 1_789_998_200_000_000, ticks: 123_456, uncertaintyUs: 1500 },
      recordCount: 1842,
      headHashHex: '7e'.repeat(32),
    },
    segments: Array.from({ length: 4 }, (_, index) => ({
      index,
      sha256Hex: String(index).repeat(2).padEnd(64, 'd4'),
      recordCount: 256,
      sizeBytes: 151_233 + index,
      receipt: index < 3 ? { platformHex: '9f'.repeat(32), receivedUtcUs: 1_789_999_000_000_000 + index } : null,
    })),
  };
}

function sampleRr(): ReportStream['rr'] {
  const timeS: number[] = [];
  const ms: number[] = [];
  const flag: string[] = [];
  for (let atS = 0.8, index = 0; atS < DURATION_S; index++) {
    const smooth = 860 + 32 * Math.sin(atS * 1.5) + 24 * Math.sin(atS * 0.63) + 60 * Math.sin(atS / 240);
    const isEctopic = index % 190 === 77;
    const isNoisy = index % 310 === 30;
    const interval = isEctopic ? smooth * 0.62 : isNoisy ? smooth * 1.9 : smooth;
    atS += interval / 1000;
    if (atS > LONG_GAP.fromS && atS < LONG_GAP.toS) atS = LONG_GAP.toS + 0.4;
    else {
      timeS.push(atS);
      ms.push(Math.round(interval));
      flag.push(isEctopic ? 'ectopic' : isNoisy ? 'missed-beat' : 'ok');
    }
  }
  return { timeS, ms, flag };
}

function sampleStrip(beats: readonly number[]): NonNullable<ReportStream['strip']> {
  const fromS = 60;
  const lengthS = 20;
  const inside = beats.filter((timeS) => timeS >= fromS && timeS < fromS + lengthS);
  const values = Array.from({ length: lengthS * RATE_HZ }, (_, index) => {
    const atS = fromS + index / RATE_HZ;
    if (atS >= GAP.fromS && atS < GAP.toS) return null;
    return beats.reduce((sum, beatS) => (Math.abs(beatS - atS) < 1 ? sum + beatShape(atS - beatS) : sum), 0);
  });
  const seen = inside.filter((timeS) => timeS < GAP.fromS || timeS >= GAP.toS);
  return { fromS, rateHz: RATE_HZ, values, beatTimesS: seen };
}

/** P, Q, R, S and T as bumps: where (s), how high (mV), how wide (s). */
function beatShape(atS: number): number {
  const bump = (centreS: number, mv: number, widthS: number) => mv * Math.exp(-(((atS - centreS) / widthS) ** 2) / 2);
  return (
    bump(-0.17, 0.12, 0.025) +
    bump(-0.03, -0.1, 0.009) +
    bump(0, 1.15, 0.011) +
    bump(0.03, -0.22, 0.01) +
    bump(0.26, 0.28, 0.055)
  );
}

function sampleWindow(index: number): HrvWindow {
  const usable = index !== 4;
  const wobble = Math.sin(index * 1.7);
  const value = (typical: number) => (usable ? typical * (1 + 0.1 * wobble) : null);
  return {
    fromS: index * 300,
    toS: (index + 1) * 300,
    quality: usable ? 0.9 - 0.12 * Math.abs(wobble) * index : null,
    coverage: index === 3 ? 0.78 : usable ? 1 : 0.36,
    flags: usable ? (index === 2 ? ['ectopic'] : []) : ['too-little-signal'],
    values: {
      HRV_MeanNN: value(862.4),
      HRV_SDNN: value(48.2),
      HRV_RMSSD: value(31.7),
      HRV_SDSD: value(31.8),
      HRV_CVNN: value(0.0559),
      HRV_CVSD: value(0.0368),
      HRV_MedianNN: value(860),
      HRV_MadNN: value(47),
      HRV_IQRNN: value(66),
      HRV_pNN50: value(11.4),
      HRV_pNN20: value(52.3),
      HRV_MinNN: value(741),
      HRV_MaxNN: value(985),
      HRV_HTI: value(12.6),
      HRV_TINN: null,
    },
    errors: usable ? { HRV_SDNN: 2.9, HRV_RMSSD: 1.4 } : {},
  };
}
