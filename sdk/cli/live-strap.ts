// Beats of a heart-rate strap as it notifies them.
import { gatt } from '@maibo/protocols';
import { isMaiboError, MaiboError } from '../errors.ts';
import { readStrap } from '../stream/strap-intervals.ts';
import type { RadioPeer } from '../world/radio.ts';
import type { BeatLines } from './beat-lines.ts';
import type { Surroundings } from './surroundings.ts';
import type { Voice } from './voice.ts';

const MEASUREMENT = {
  service: gatt.gattUuidText(0x180d),
  characteristic: gatt.gattUuidText(gatt.heartRateMeasurement.uuid),
};

/** Until the signal aborts or the strap is gone. Errors: `device-unknown`, and those of `RadioPeer.listen`. */
export async function liveStrap(
  peer: RadioPeer,
  beats: BeatLines,
  { clock }: Surroundings,
  voice: Voice,
  signal: AbortSignal,
): Promise<void> {
  if (!peer.has(MEASUREMENT)) {
    const hint = '`maibo gateway` collects what other clinic devices measure; `maibo live` shows heart beats';
    throw new MaiboError('device-unknown', 'the device tells no heart beats', { where: peer.address, hint });
  }
  await using values = await peer.listen(MEASUREMENT, { signal });
  const onAbort = () => void values.close();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  voice.progress('connected; waiting for the first heart beat');
  try {
    for await (const value of values) {
      for (const line of linesOf(value, beats, clock.nowUtcUs())) voice.line(line);
      if (readStrap(value).state === 'lost')
        voice.progress('no heart beat felt: is it worn, and are its electrodes wet?');
    }
  } catch (failure) {
    if (!peer.gone.aborted || !isMaiboError(failure, 'link-lost')) throw failure;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function linesOf(value: Uint8Array, beats: BeatLines, utcUs: number): string[] {
  const { state, intervalsUs } = readStrap(value);
  if (state !== 'ok') {
    beats.break();
    return [];
  }
  if (intervalsUs.length > 0) return intervalsUs.map((lengthUs) => beats.interval(lengthUs / 1000, utcUs));
  const decoded = gatt.heartRateMeasurement.decode(value);
  const sendsIntervals = !decoded.ok || decoded.value.rrTicks !== null || beats.beatCount > 0;
  const rate = decoded.ok ? decoded.value.heartRateBpm : null;
  return sendsIntervals || rate === null ? [] : [beats.rate(rate, utcUs)];
}
