// Beats of a Maibo device, from the newest samples on: intervals as it tells them, or found in its ECG or PPG by a core. Nothing is
// acknowledged, so the device keeps all of it for the gateway.
import type { LogInfo } from '@maibo/protocols';
import type { DeviceSession } from '../device/device-session.ts';
import { MaiboError } from '../errors.ts';
import { beatsIn } from '../pipeline/beats-in.ts';
import { BeatLines } from './beat-lines.ts';
import type { Surroundings } from './surroundings.ts';
import type { Voice } from './voice.ts';

const SIGNALS = ['rr', 'ecg', 'ppg'] as const;

/** Until the signal aborts or the log ends; gives how many beats there were. Errors: those of `DeviceSession.samples`. */
export async function liveMaibo(
  session: DeviceSession,
  { clock }: Surroundings,
  voice: Voice,
  signal: AbortSignal,
): Promise<number> {
  const log = bestLog(session);
  const beats = new BeatLines();
  const from = { next: log.final ? log.first : log.head, chain: null };
  voice.progress(`connected; waiting for heart beats of its ${log.stream.signal} sensor`);
  for await (const { rrMs } of beatsIn(session.samples(log, { from, signal }), log.stream)) {
    if (rrMs === null) beats.break();
    else voice.line(beats.interval(rrMs, clock.nowUtcUs()));
  }
  return beats.beatCount;
}

function bestLog(session: DeviceSession): LogInfo {
  for (const signal of SIGNALS) {
    const log = session.info.logs.find(({ stream }) => stream.signal === signal);
    if (log !== undefined) return log;
  }
  throw new MaiboError('device-unknown', 'the device has no log of heart beats, ECG or PPG');
}
