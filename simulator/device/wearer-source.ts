// The log of a simulated wearer: any block is computed when asked for.
import { encodeSamples } from '@maibo/sdk';
import type { Wearer } from '../wearer/wearer.ts';
import { type BlockSource, TICK_RATE_HZ } from './block-source.ts';
import { identityOf } from './identity.ts';

/** `name` goes into the identity together with everything that shapes the signal. */
export function createWearerSource(wearer: Wearer, name: string): BlockSource {
  const { rateHz, unit, gain, offset, bits } = wearer;
  const ticksAt = (sample: number) => Math.round((sample * TICK_RATE_HZ) / rateHz);
  return {
    identity: identityOf(`wearer ${name} ${rateHz} ${wearer.sampleCount} ${wearer.blockSampleCount}`),
    stream: { signal: 'ecg', sensor: 'simulated lead II', rateHz, unit, gain, offset, bits },
    blockCount: wearer.blockCount,
    read: async (seq) => {
      if (seq >= wearer.blockCount) return null;
      const counts = wearer.block(seq);
      const firstSample = seq * wearer.blockSampleCount;
      return {
        seq,
        firstSample,
        ticks: ticksAt(firstSample),
        completeTicks: ticksAt(firstSample + counts.length),
        format: 1,
        samples: encodeSamples(1, counts),
      };
    },
  };
}
