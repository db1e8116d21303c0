// --lines, --rate, --baud, --gain of `maibo live`: what the numbers are that a board prints.
import { type CoreModule, CoreStatusError, coreCatalog } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import type { LineSignal } from '../gateway/line-stream.ts';
import { createBeatCore } from '../pipeline/beat-core.ts';

export interface LineOptions {
  readonly lines?: string;
  readonly rate?: string;
  readonly baud?: string;
  readonly gain?: string;
}

export interface LineSettings {
  readonly what: LineSignal;
  readonly baudRate: number;
}

const SIGNALS = ['ecg', 'ppg', 'rr'] as const;
const RATE_HZ = 250;
const BAUD_RATE = 115_200;
/** The fastest that a driver of a USB adapter takes. */
const BAUD_RATE_MAX = 12_000_000;

/** Null without `--lines`. Errors: `usage`. */
export function lineSettings({ lines, rate, baud, gain }: LineOptions): LineSettings | null {
  if (lines === undefined) {
    const alone = Object.entries({ rate, baud, gain }).find(([, text]) => text !== undefined);
    if (alone === undefined) return null;
    throw new MaiboError('usage', `--${alone[0]} says nothing without --lines`, { hint: HINT });
  }
  const signal = SIGNALS.find((name) => name === lines);
  if (signal === undefined) throw new MaiboError('usage', `--lines ${lines} is none`, { hint: HINT });
  const baudRate = numberOf('baud', baud, BAUD_RATE, BAUD_RATE_MAX);
  if (!Number.isInteger(baudRate)) throw impossible('baud', baud);
  return { what: signal === 'rr' ? intervals(rate, gain) : sampled(signal, rate, gain), baudRate };
}

const HINT = 'a board that prints one whole number a line: --lines ecg, ppg, or rr (intervals in ms)';

function intervals(rate: string | undefined, gain: string | undefined): LineSignal {
  if (rate === undefined && gain === undefined) return { signal: 'rr' };
  throw new MaiboError('usage', '--rate and --gain say nothing of intervals', { hint: 'they are in ms' });
}

function sampled(signal: 'ecg' | 'ppg', rate: string | undefined, gain: string | undefined): LineSignal {
  const rateHz = numberOf('rate', rate, RATE_HZ, Number.MAX_SAFE_INTEGER);
  const module: CoreModule = coreCatalog.get(signal);
  try {
    createBeatCore(signal, rateHz, module);
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    const hint = signal === 'ecg' ? 'an ECG has 50 to 1000 samples a second' : 'a PPG has 20 to 256 samples a second';
    throw new MaiboError('usage', `--rate ${rateHz} is not possible`, { hint, cause });
  }
  return { signal, rateHz, gain: numberOf('gain', gain, 1, Number.MAX_VALUE) };
}

function numberOf(name: string, text: string | undefined, otherwise: number, max: number): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && number > 0 && number <= max) return number;
  throw impossible(name, text);
}

function impossible(name: string, text: string | undefined): MaiboError {
  return new MaiboError('usage', `--${name} ${text} is not possible`, { hint: 'give a number above 0' });
}
