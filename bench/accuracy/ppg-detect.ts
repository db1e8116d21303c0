// Pulses of light: by the PPG core, and by the peers where they are here.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PpgCore } from '@maibo/cores';
import { withoutGaps } from './even-spline.ts';
import { preparePeers } from './peers/run-peers.ts';
import { runScript } from './peers/run-script.ts';
import type { LightRecording } from './ppg-recordings.ts';
import type { Pulse } from './ppg-score.ts';

export const PULSE_PEERS = ['neurokit-elgendi', 'heartpy', 'msptdfast-v2', 'msptdfast-v2 +p'] as const;
export type PulsePeer = (typeof PULSE_PEERS)[number];

export interface PeerLight {
  readonly name: string;
  readonly rateHz: number;
  /** Pulses upwards, no gaps. */
  readonly light: Float64Array;
  readonly detectors: readonly PulsePeer[];
}

export interface PeerPulses {
  readonly signal: string;
  readonly detector: PulsePeer;
  /** Times in s; null when the detector failed, which `error` explains. */
  readonly times: readonly number[] | null;
  readonly error: string | null;
}

/** `polarity` 0: to be found. With four channels the last three are the acceleration in g. */
export function pulsesByCore(frames: Float32Array, rateHz: number, polarity: -1 | 0 | 1, channelCount: 1 | 4): Pulse[] {
  const core = PpgCore.create({ rateHz, polarity, channelCount });
  return [...core.push(frames), ...core.flush()].flatMap(({ kind, sample, quality }) =>
    kind === 'beat' ? [{ timeS: sample / rateHz, quality }] : [],
  );
}

/** What the peers get of a recording: the right way up and without gaps, which they could not bear. */
export function evenPeerLight({ name, rateHz, light, polarity }: LightRecording): PeerLight {
  return { name, rateHz, light: withoutGaps(light).map((value) => polarity * value), detectors: PULSE_PEERS };
}

/** A sentence that says why there are no peers, or what they found. */
export function pulsesByPeers(
  signals: readonly PeerLight[],
): string | { versions: Readonly<Record<string, string>>; runs: PeerPulses[] } {
  const why = preparePeers();
  if (why !== null) return why;
  const answer = runScript('pulses.py', (folder) => ({
    signals: signals.map(({ name, rateHz, light, detectors }, index) => {
      const path = join(folder, `${index}.f64`);
      writeFileSync(path, new Uint8Array(light.buffer, light.byteOffset, light.byteLength));
      return { name, rateHz, path, detectors };
    }),
  })) as {
    versions: Record<string, string>;
    runs: { signal: string; detector: PulsePeer; beats: number[] | null; error: string | null }[];
  };
  const rates = new Map(signals.map(({ name, rateHz }) => [name, rateHz]));
  const runs = answer.runs.map(({ signal, detector, beats, error }): PeerPulses => {
    const rateHz = rates.get(signal)!;
    // Rising and once each, whatever the detector gave.
    const times = beats && [...new Set(beats)].toSorted((a, b) => a - b).map((beat) => beat / rateHz);
    return { signal, detector, times, error };
  });
  return { versions: answer.versions, runs };
}
