// What the virtual wearable plays, as plain data that crosses to its process, and the source made from it there.
import { chooseSignal, openRecording, type RecordingFormat } from '@maibo/sdk';
import type { BlockSource } from '../device/block-source.ts';
import { codeSource } from '../device/coded-source.ts';
import { createRecordingSource } from '../device/recording-source.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { createWearer } from '../wearer/wearer.ts';
import type { LabOptions } from './options.ts';

export type DevicePlan = WhatIsPlayed & { readonly coding: 'wave' | 'raw' };

type WhatIsPlayed =
  | { readonly kind: 'wearer'; readonly seed: number; readonly durationS: number }
  | {
      readonly kind: 'recording';
      readonly path: string;
      readonly format: RecordingFormat | 'auto';
      readonly signal: string | null;
      readonly channel: string | null;
      readonly rateHz: number | null;
    };

/** Sample rate of the simulated wearer: what most wearables with an ECG deliver. */
const WEARER_RATE_HZ = 250;

export function planDevice(options: LabOptions): DevicePlan {
  const { coding } = options;
  if (options.input === undefined) return { kind: 'wearer', seed: options.seed, durationS: options.duration, coding };
  return {
    kind: 'recording',
    path: options.input,
    format: options.format as RecordingFormat | 'auto',
    signal: options.signal ?? null,
    channel: options.channel ?? null,
    rateHz: options.rate ?? null,
    coding,
  };
}

/** Errors: what the readers throw for a bad input. */
export async function createSource(plan: DevicePlan): Promise<BlockSource> {
  const source = await createPlainSource(plan);
  return plan.coding === 'wave' ? codeSource(source) : source;
}

async function createPlainSource(plan: DevicePlan): Promise<BlockSource> {
  if (plan.kind === 'wearer') {
    const wearer = createWearer({ seed: plan.seed, durationS: plan.durationS, rateHz: WEARER_RATE_HZ });
    return createWearerSource(wearer, `seed ${plan.seed} duration ${plan.durationS}`);
  }
  const recording = await openRecording(plan.path, {
    format: plan.format,
    ...(plan.rateHz === null ? {} : { rateHz: plan.rateHz }),
  });
  const choice = chooseSignal(recording, { signal: plan.signal ?? undefined, channel: plan.channel ?? undefined });
  return createRecordingSource(recording, choice);
}

/** For people: what is being played. */
export function describePlan(plan: DevicePlan): string {
  return plan.kind === 'wearer'
    ? `simulated, seed ${plan.seed}, ${plan.durationS} s at ${WEARER_RATE_HZ} Hz`
    : plan.path;
}
