// The respiration-coupled indices of a recording that holds a respiration signal beside its beats.
import { findBreaths } from './breaths.ts';
import type { ChannelSamples } from './channel-samples.ts';
import type { Found } from './found.ts';
import type { HrvProfile } from './hrv.ts';
import { computeRsa, type Rsa } from './rsa.ts';

/** `startS` is where second 0 of `found` lies in the recording. Null where the respiration signal has holes. */
export function rsaIndices(found: Found, respiration: ChannelSamples, startS: number, profile: HrvProfile): Rsa | null {
  const { rateHz, values } = respiration;
  if (values.some(Number.isNaN)) return null;
  const { beats, rr } = found;
  const lateS = respiration.startS - startS;
  const offset = beats.length - rr.length;
  // NeuroKit2 knows no bad beats; by the papers none may stand at either end of an interval.
  const isBroken = (flag: string) => (profile === 'neurokit' ? flag === 'gap' : flag !== 'ok');
  return computeRsa({
    beatsS: beats.map(({ timeS }) => timeS - lateS),
    gaps: beats.map((_, index) => index >= offset && isBroken(rr[index - offset]!.flag)),
    breaths: findBreaths(values, rateHz),
    ...(profile === 'neurokit' ? { neurokit: { sampleCount: values.length, rateHz } } : {}),
  });
}
