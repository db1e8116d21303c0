// The cores wave-encode and wave-decode as classes: samples to blocks of bytes that each decode alone, and back. Written by hand because
// they take and give plain numbers. The format of a block: cores/wave-encode/FORMAT.md.

import { coreCatalog } from './core-catalog.ts';
import { CoreStatusError } from './core-errors.ts';
import { type CoreModule, instantiateCore } from './core-module.ts';
import type { ElementBytes, RunningCore, Verb } from './verbs.ts';
import { WASM_PAGE_BYTES } from './webassembly.ts';

/** The value of a sample that is missing. */
export const MISSING_SAMPLE = -32_768;
/** A block is at most this much longer than its samples, two bytes each. */
export const WAVE_OVERHEAD_BYTES = 4;

export interface WaveOptions {
  /** Samples of a frame, 1..8. */
  readonly channelCount: number;
  /** Frames of a block when encoding, of the longest block when decoding; 1..4096. */
  readonly blockFrames: number;
  readonly module?: CoreModule;
}

export class WaveEncoder {
  readonly module: CoreModule;
  readonly instanceBytes: number;
  readonly #place: Place;
  readonly #samples: Int16Array;

  private constructor(place: Place) {
    this.#place = place;
    this.module = place.module;
    this.instanceBytes = place.instanceBytes;
    this.#samples = new Int16Array(place.exports.memory.buffer, place.inputAt, place.blockSamples);
  }

  static create(options: WaveOptions): WaveEncoder {
    return new WaveEncoder(makePlace('wave-encode', options, { inputBytes: 2, findingBytes: 1 }));
  }

  /** Push any number of samples, frame by frame; returns the blocks that are full. */
  push(samples: Int16Array): Uint8Array[] {
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < samples.length; ) {
      const chunk = samples.subarray(at, at + this.#samples.length);
      this.#samples.set(chunk);
      at += ask(this.#place, 'push', this.#place.inputAt, chunk.length);
      this.#pollInto(blocks);
    }
    return blocks;
  }

  /** No more samples; returns the last block, if there is one. What its last frame lacks is missing. */
  flush(): Uint8Array[] {
    const blocks: Uint8Array[] = [];
    ask(this.#place, 'flush');
    this.#pollInto(blocks);
    return blocks;
  }

  /** Forget the signal, keep the settings. */
  reset(): void {
    ask(this.#place, 'reset');
  }

  #pollInto(blocks: Uint8Array[]): void {
    const { outputAt, blockSamples, exports } = this.#place;
    const bytes = ask(this.#place, 'poll', outputAt, 2 * blockSamples + WAVE_OVERHEAD_BYTES);
    if (bytes > 0) blocks.push(new Uint8Array(exports.memory.buffer, outputAt, bytes).slice());
  }
}

export class WaveDecoder {
  readonly module: CoreModule;
  readonly instanceBytes: number;
  readonly #place: Place;
  readonly #input: Uint8Array;

  private constructor(place: Place) {
    this.#place = place;
    this.module = place.module;
    this.instanceBytes = place.instanceBytes;
    const bytes = 2 * place.blockSamples + WAVE_OVERHEAD_BYTES;
    this.#input = new Uint8Array(place.exports.memory.buffer, place.inputAt, bytes);
  }

  static create(options: WaveOptions): WaveDecoder {
    return new WaveDecoder(makePlace('wave-decode', options, { inputBytes: 1, findingBytes: 2 }));
  }

  /** The samples of one whole block, frame by frame; null when the bytes are no block of these channels and at most this length. */
  decode(block: Uint8Array): Int16Array | null {
    if (block.length === 0 || block.length > this.#input.length) return null;
    const { exports, instanceAt, inputAt, outputAt, blockSamples } = this.#place;
    this.#input.set(block);
    const taken = exports.push(instanceAt, inputAt, block.length);
    if (taken === BAD_ARGUMENT) return null;
    if (taken < 0) throw new CoreStatusError(this.module.name, 'push', taken);
    const count = ask(this.#place, 'poll', outputAt, blockSamples);
    return new Int16Array(exports.memory.buffer, outputAt, count).slice();
  }
}

const BAD_ARGUMENT = -2;

/** An instance in a memory of its own, with room for a block of samples and one of bytes. */
interface Place {
  readonly module: CoreModule;
  readonly exports: RunningCore;
  readonly instanceAt: number;
  readonly instanceBytes: number;
  readonly inputAt: number;
  readonly outputAt: number;
  readonly blockSamples: number;
}

function makePlace(name: string, options: WaveOptions, elements: ElementBytes): Place {
  const { channelCount, blockFrames, module = coreCatalog.get(name) } = options;
  const exports = instantiateCore(module, elements);
  const instanceAt = exports.arena();
  const instanceBytes = exports.size(channelCount, blockFrames);
  if (instanceBytes < 0) throw new CoreStatusError(module.name, 'size', instanceBytes);
  const blockSamples = channelCount * blockFrames;
  const inputAt = alignTo16(instanceAt + instanceBytes);
  const outputAt = alignTo16(inputAt + 2 * blockSamples + WAVE_OVERHEAD_BYTES);
  const missingBytes = outputAt + 2 * blockSamples + WAVE_OVERHEAD_BYTES - exports.memory.buffer.byteLength;
  if (missingBytes > 0) exports.memory.grow(Math.ceil(missingBytes / WASM_PAGE_BYTES));
  const place = { module, exports, instanceAt, instanceBytes, inputAt, outputAt, blockSamples };
  ask(place, 'init', channelCount, blockFrames);
  return place;
}

function ask({ exports, module, instanceAt }: Place, verb: Verb, ...numbers: number[]): number {
  const answer = exports[verb](instanceAt, ...numbers);
  if (answer < 0) throw new CoreStatusError(module.name, verb, answer);
  return answer;
}

function alignTo16(address: number): number {
  return (address + 15) & ~15;
}
