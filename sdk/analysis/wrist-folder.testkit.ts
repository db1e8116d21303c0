// A made Empatica E4 folder: a pulse at a known rate, movement, skin conductance and temperature, each with a start of its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createChance, pick } from '../pipeline/made-signals.testkit.ts';

export const WRIST_START_S = 1_700_000_000;
export const WRIST_BREATHS_HZ = 0.25;
const PULSE_HZ = 64;
const MOTION_HZ = 32;
const SLOW_HZ = 4;

export interface WristFolder {
  readonly seconds: number;
  /** Beats per minute at a time. */
  readonly rateBpm: (timeS: number) => number;
  /** From here on the light shows nothing but noise. */
  readonly pulseUntilS?: number;
  /** Seconds by which the other sensors begin after the pulse; negative: before it. */
  readonly motionLateS?: number;
  readonly edaLateS?: number;
  /** Files to leave out. */
  readonly without?: readonly string[];
}

export function writeWristFolder(path: string, wish: WristFolder): string {
  const { seconds, rateBpm, pulseUntilS = seconds, motionLateS = 0, edaLateS = 0, without = [] } = wish;
  mkdirSync(path, { recursive: true });
  const chance = createChance(7);
  const noise = () => pick(chance, 1000) / 1000 - 0.5;
  let phase = 0;
  const pulse = Array.from({ length: seconds * PULSE_HZ }, (_, i) => {
    // The beat swings with the breath, as hearts do: equal intervals would not be believed.
    const bpm = rateBpm(i / PULSE_HZ) * (1 + 0.04 * Math.sin((2 * Math.PI * WRIST_BREATHS_HZ * i) / PULSE_HZ));
    phase += bpm / 60 / PULSE_HZ;
    const height = i < pulseUntilS * PULSE_HZ ? 60 : 0;
    return (height * Math.exp(4 * (Math.cos(2 * Math.PI * phase) - 1)) + noise()).toFixed(2);
  });
  const motion = Array.from({ length: seconds * MOTION_HZ }, () =>
    [0, 0, 64].map((axis) => axis + Math.round(noise())),
  );
  const eda = Array.from({ length: seconds * SLOW_HZ }, (_, i) =>
    (0.8 + 0.2 * Math.sin(i / 200) + 0.01 * noise()).toFixed(4),
  );
  const slow = (start: number, values: readonly (string | number)[]) => [start, SLOW_HZ, ...values];
  const axes = (value: number) => `${value}, ${value}, ${value}`;
  const files: Record<string, readonly (string | number)[]> = {
    'BVP.csv': [WRIST_START_S, PULSE_HZ, ...pulse],
    'ACC.csv': [axes(WRIST_START_S + motionLateS), axes(MOTION_HZ), ...motion.map((row) => row.join(','))],
    'EDA.csv': slow(WRIST_START_S + edaLateS, eda),
    'TEMP.csv': slow(WRIST_START_S, Array(seconds * SLOW_HZ).fill('33.10')),
  };
  for (const [name, lines] of Object.entries(files)) {
    if (!without.includes(name)) writeFileSync(`${path}/${name}`, `${lines.join('\n')}\n`);
  }
  return path;
}
