// The core `ppg` on real recordings beside what was recorded with them: a strap's RR series, an ECG, a wrist device's own intervals.
// The tables in NOTES.md come from the same rules; here stand the floors.

import { describe, expect, it } from 'vitest';
import { EcgCore, PpgCore, type PpgFinding } from '../../index.ts';
import {
  bidmc01,
  camera,
  dataFolder,
  median,
  requiresAll,
  rrAgreement,
  wrist,
  wristPeople,
} from './recordings.testkit.ts';

const reason = 'needs ../shared/data beside the repository';
/** What heart rate and its variability are made of. */
const QUALITY = 0.8;

function findingsOf(numbers: Float32Array, rateHz: number, polarity: number, channelCount = 1): PpgFinding[] {
  const core = PpgCore.create({ rateHz, polarity, channelCount });
  return [...core.push(numbers), ...core.flush()];
}

/** Intervals in seconds with the time they end, where the quality of the later beat allows. */
function intervalsOf(findings: readonly PpgFinding[], rateHz: number, quality: number): { end: number; rr: number }[] {
  const beats = findings.filter(({ kind }) => kind === 'beat');
  return beats
    .slice(1)
    .map((beat, i) => ({
      end: beat.sample / rateHz,
      rr: (beat.sample - beats[i]!.sample) / rateHz,
      quality: beat.quality,
    }))
    .filter((interval) => interval.quality >= quality && interval.rr < 2.2);
}

if (!dataFolder && requiresAll) {
  it('has the recordings that MAIBO_REQUIRE_ALL=1 asks for', () => expect.fail(reason));
}

describe.skipIf(!dataFolder)(`recordings (${reason})`, () => {
  for (const step of [1, 5]) {
    it(`agrees with the ECG of BIDMC 01 at ${125 / step} Hz`, () => {
      const { pleth, ecg } = bidmc01();
      const light = pleth.filter((_, i) => i % step === 0);
      const rateHz = 125 / step;
      const heart = EcgCore.create({ rateHz: 125 });
      const truth = [...heart.push(ecg), ...heart.flush()]
        .filter(({ kind }) => kind === 'beat')
        .map(({ sample }) => sample / 125);
      const intervals = intervalsOf(findingsOf(light, rateHz, 0), rateHz, QUALITY);
      const { matched, sdMs, bpmError } = rrAgreement(intervals, truth);
      expect(matched).toBeGreaterThan(0.94);
      expect(sdMs).toBeLessThan(12);
      expect(Math.abs(bpmError)).toBeLessThan(1);
    });
  }

  it('agrees with the strap on fourteen camera recordings', () => {
    const results = Array.from({ length: 14 }, (_, i) => {
      const { light, rateHz, rr } = camera(i + 1);
      const truth = [0];
      for (const interval of rr) truth.push(truth.at(-1)! + interval);
      return rrAgreement(intervalsOf(findingsOf(light, rateHz, -1), rateHz, QUALITY), truth);
    });
    expect(median(results.map(({ correlation }) => correlation))).toBeGreaterThan(0.95);
    expect(median(results.map(({ sdMs }) => sdMs))).toBeLessThan(15);
    expect(median(results.map(({ bpmError }) => Math.abs(bpmError)))).toBeLessThan(0.5);
    expect(results.filter(({ bpmError }) => Math.abs(bpmError) <= 1).length).toBeGreaterThanOrEqual(12);
  }, 60_000);

  it('covers more minutes at the wrist than the device itself, beats stated 0.95 good', () => {
    let ours = 0;
    let theirs = 0;
    for (const person of wristPeople().slice(0, 8)) {
      const { frames, rateHz, seconds, ibi } = wrist(person);
      const intervals = intervalsOf(findingsOf(frames, rateHz, 0, 4), rateHz, 0.95);
      for (let start = 10; start + 60 < seconds; start += 30) {
        const covered = (row: readonly { end: number; rr: number }[]) =>
          row.reduce((sum, { end, rr }) => sum + (end > start && end <= start + 60 ? rr : 0), 0) / 60;
        if (covered(intervals) >= 0.8) ours++;
        if (covered(ibi) >= 0.8) theirs++;
      }
    }
    expect(ours).toBeGreaterThan(1.3 * theirs);
  }, 60_000);
});
