// Which part of a recording to look at: the user's choice, or what the file's names suggest.
import { MaiboError } from '../errors.ts';
import type { Channel, Recording } from '../formats/recording.ts';

export type AnalysableSignal = 'ecg' | 'ppg' | 'rr';

export interface SignalChoice {
  readonly signal: AnalysableSignal;
  /** Index of the channel; null for RR intervals. */
  readonly channel: number | null;
  readonly notes: readonly string[];
}

export interface SignalWish {
  readonly signal?: string | undefined;
  /** A channel's name, or its number counted from 0. */
  readonly channel?: string | undefined;
}

/** Errors: `usage` when the wish does not fit the recording; the message lists what there is. */
export function chooseSignal(recording: Recording, wish: SignalWish): SignalChoice {
  const signal = wish.signal ?? guessSignal(recording);
  if (signal === 'rr') return chooseIntervals(recording, wish);
  if (signal === 'ecg' || signal === 'ppg') return chooseChannel(recording, signal, wish);
  if (signal !== 'acc') throw new MaiboError('usage', `"${signal}" is no signal; there are ecg, ppg, rr, acc`);
  throw new MaiboError('usage', `there is no core for ${signal} signals yet`, {
    where: recording.path,
    hint: 'this version analyses ecg, ppg and rr',
  });
}

function guessSignal(recording: Recording): string {
  const { channels } = recording;
  if (channels.some((channel) => channel.kind === 'ecg')) return 'ecg';
  // A wristband's own intervals leave out all that was not still; its light holds more, and says how good it is.
  if (recording.format === 'e4' && channels.some((channel) => channel.kind === 'ppg')) return 'ppg';
  if (recording.hasIntervals) return 'rr';
  if (channels.some((channel) => channel.kind === 'ppg')) return 'ppg';
  return channels.some((channel) => channel.kind === 'acc') ? 'acc' : 'ecg';
}

function chooseIntervals(recording: Recording, wish: SignalWish): SignalChoice {
  if (!recording.hasIntervals) {
    const hint = 'leave out --signal, or give --format rr for a column of intervals';
    throw new MaiboError('usage', `the recording holds no RR intervals, but ${listOf(recording)}`, {
      where: recording.path,
      hint,
    });
  }
  if (wish.channel !== undefined)
    throw new MaiboError('usage', 'RR intervals have no channels', { hint: 'leave out --channel' });
  return { signal: 'rr', channel: null, notes: [] };
}

function chooseChannel(recording: Recording, signal: 'ecg' | 'ppg', wish: SignalWish): SignalChoice {
  if (recording.channels.length === 0) {
    throw new MaiboError('usage', 'the recording holds RR intervals and no samples', {
      where: recording.path,
      hint: 'give --signal rr',
    });
  }
  if (wish.channel !== undefined) return { signal, channel: findChannel(recording, wish.channel), notes: [] };
  const found = recording.channels.findIndex((channel) => channel.kind === signal);
  const channel = Math.max(0, found);
  const notes =
    found >= 0
      ? []
      : [
          `no channel is named like ${signal === 'ecg' ? 'an ECG' : 'a PPG'}: "${recording.channels[channel]?.name}" was taken as one`,
        ];
  return { signal, channel, notes };
}

function findChannel(recording: Recording, wish: string): number {
  const byName = recording.channels.findIndex((channel) => channel.name === wish);
  if (byName >= 0) return byName;
  const number = /^\d+$/.test(wish) ? Number(wish) : -1;
  if (number >= 0 && number < recording.channels.length) return number;
  throw new MaiboError('usage', `there is no channel "${wish}", but ${listOf(recording)}`, { where: recording.path });
}

function listOf(recording: Recording): string {
  const name = (channel: Channel, index: number) => `${index} "${channel.name}"`;
  return recording.channels.length === 0 ? 'RR intervals' : recording.channels.map(name).join(', ');
}
