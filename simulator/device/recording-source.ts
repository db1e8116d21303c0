// A recording played as a device's log: blocks of about one second of counts, or of RR intervals in microseconds.
//
// Recordings are read forward only, so the source keeps the last blocks for a resend and reads again from the start when asked for
// something older.
import { createHash } from 'node:crypto';
import type { StreamInfo } from '@maibo/protocols';
import { encodeSamples, MaiboError, type Recording, type SampleFormat, type SignalChoice } from '@maibo/sdk';
import { type BlockSource, type LogBlock, TICK_RATE_HZ } from './block-source.ts';
import { identityOf } from './identity.ts';

const BLOCK_S = 1;
const BLOCK_SAMPLES_MAX = 2_048; // 4 kB of int16: what a block message carries
const BLOCK_INTERVALS = 32;
/** More than a host's credit: what it may ask for again without a new reading. */
const KEPT_BLOCKS = 1_024;
const COUNT_MAX = 32_767;
const OFFSET_MAX = 2 ** 31 - 1;

/** `choice` says which part of the recording the device plays. */
export async function createRecordingSource(
  recording: Recording,
  choice: Pick<SignalChoice, 'signal' | 'channel'>,
): Promise<BlockSource> {
  const plan =
    choice.channel === null ? planIntervals(recording) : await planSamples(recording, choice.channel, choice.signal);
  const content = await digestOf(plan.blocks());
  const reader = new ForwardReader(plan.blocks);
  const identity = identityOf(`recording ${content.sha256Hex}`);
  return { identity, stream: plan.stream, blockCount: content.blockCount, read: (seq) => reader.read(seq) };
}

interface Plan {
  readonly stream: StreamInfo;
  readonly blocks: () => AsyncGenerator<LogBlock>;
}

function planIntervals(recording: Recording): Plan {
  const stream: StreamInfo = {
    signal: 'rr',
    sensor: `${recording.format} file`,
    rateHz: null,
    unit: 'us',
    gain: 1,
    offset: 0,
    bits: 32,
  };
  return { stream, blocks: () => intervalBlocks(recording) };
}

async function* intervalBlocks(recording: Recording): AsyncGenerator<LogBlock> {
  let seq = 0;
  let ticks = 0;
  let waiting: number[] = [];
  const close = (): LogBlock => {
    const block = {
      seq,
      firstSample: seq * BLOCK_INTERVALS,
      ticks,
      completeTicks: ticks + waiting.reduce((sum, us) => sum + us, 0),
      format: 2 as SampleFormat,
      samples: encodeSamples(2, waiting),
    };
    seq++;
    ticks = block.completeTicks;
    waiting = [];
    return block;
  };
  for await (const { rrMs } of recording.intervals()) {
    waiting.push(Math.round(rrMs * 1000));
    if (waiting.length === BLOCK_INTERVALS) yield close();
  }
  if (waiting.length > 0) yield close();
}

async function planSamples(recording: Recording, channelIndex: number, signal: SignalChoice['signal']): Promise<Plan> {
  const channel = recording.channels[channelIndex];
  if (channel === undefined) throw new MaiboError('usage', `the recording has no channel ${channelIndex}`);
  const { rateHz } = channel;
  const scale = await findScale(recording, channelIndex);
  const stream: StreamInfo = {
    signal,
    sensor: channel.name.slice(0, 32) || 'channel',
    rateHz,
    unit: channel.unit.slice(0, 16),
    gain: channel.gain * scale.factor,
    // (count - offset) / gain stays the physical value when the counts were moved and stretched.
    offset: Math.round((channel.offset - scale.shift) * scale.factor),
    bits: channel.bits ?? 16,
  };
  const blockSamples = Math.max(1, Math.min(BLOCK_SAMPLES_MAX, Math.round(rateHz * BLOCK_S)));
  return { stream, blocks: () => sampleBlocks(recording, channelIndex, { rateHz, blockSamples, ...scale }) };
}

interface Scale {
  readonly shift: number;
  readonly factor: number;
}

/** Counts that fit in 16 bits go out as they are; anything else is moved and stretched over the range. */
async function findScale(recording: Recording, channel: number): Promise<Scale> {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let whole = true;
  for await (const chunk of recording.samples(channel)) {
    for (const value of chunk) {
      if (Number.isNaN(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
      if (whole && !Number.isInteger(value)) whole = false;
    }
  }
  if (low > high) throw new MaiboError('input-empty', 'the channel holds no samples', { where: recording.path });
  if (whole && low >= -COUNT_MAX && high <= COUNT_MAX) return { shift: 0, factor: 1 };
  const shift = (low + high) / 2;
  const factor = high > low ? (0.95 * COUNT_MAX * 2) / (high - low) : 1;
  // A small signal far from zero: the offset has to fit as well, and still does so with more digits than a 32-bit float has.
  const away = Math.abs((recording.channels[channel]?.offset ?? 0) - shift);
  return { shift, factor: Math.min(factor, OFFSET_MAX / Math.max(1, away)) };
}

async function* sampleBlocks(
  recording: Recording,
  channel: number,
  how: Scale & { rateHz: number; blockSamples: number },
): AsyncGenerator<LogBlock> {
  const waiting = new Float64Array(how.blockSamples);
  let filled = 0;
  let seq = 0;
  const ticksAt = (sample: number) => Math.round((sample * TICK_RATE_HZ) / how.rateHz);
  const close = (): LogBlock => {
    const firstSample = seq * how.blockSamples;
    const samples = encodeSamples(1, waiting.subarray(0, filled));
    const block = {
      seq,
      firstSample,
      ticks: ticksAt(firstSample),
      completeTicks: ticksAt(firstSample + filled),
      format: 1 as const,
      samples,
    };
    seq++;
    filled = 0;
    return block;
  };
  for await (const chunk of recording.samples(channel)) {
    for (const value of chunk) {
      waiting[filled++] = (value - how.shift) * how.factor;
      if (filled === how.blockSamples) yield close();
    }
  }
  if (filled > 0) yield close();
}

async function digestOf(blocks: AsyncGenerator<LogBlock>): Promise<{ sha256Hex: string; blockCount: number }> {
  const hash = createHash('sha256');
  let blockCount = 0;
  for await (const block of blocks) {
    hash.update(block.samples);
    blockCount++;
  }
  if (blockCount === 0) throw new MaiboError('input-empty', 'the recording holds nothing to play');
  return { sha256Hex: hash.digest('hex'), blockCount };
}

class ForwardReader {
  readonly #blocks: () => AsyncGenerator<LogBlock>;
  #running: AsyncGenerator<LogBlock> | null = null;
  #kept: LogBlock[] = [];
  #next = 0;
  #past: number | null = null;

  constructor(blocks: () => AsyncGenerator<LogBlock>) {
    this.#blocks = blocks;
  }

  async read(seq: number): Promise<LogBlock | null> {
    if (this.#past !== null && seq >= this.#past) return null;
    if (seq < this.#next - this.#kept.length) this.#restart();
    const kept = this.#kept[seq - (this.#next - this.#kept.length)];
    if (kept !== undefined) return kept;
    return this.#forward(seq);
  }

  async #forward(seq: number): Promise<LogBlock | null> {
    this.#running ??= this.#blocks();
    for (;;) {
      const step = await this.#running.next();
      if (step.done) {
        this.#past = this.#next;
        return null;
      }
      this.#kept.push(step.value);
      if (this.#kept.length > 2 * KEPT_BLOCKS) this.#kept = this.#kept.slice(-KEPT_BLOCKS);
      if (this.#next++ === seq) return step.value;
    }
  }

  #restart(): void {
    this.#running = null;
    this.#kept = [];
    this.#next = 0;
  }
}
