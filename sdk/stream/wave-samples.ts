// Sample format 3: int16 of one channel, coded without loss as one wave block (FORMAT.md of the core wave-encode). Every block is coded on its
// own: the same samples give the same bytes, whatever came before, so a device that starts again writes the log that it wrote before.
import { type CoreModule, CoreStatusError, coreCatalog, WaveDecoder, WaveEncoder } from '@maibo/cores';
import { MaiboError } from '../errors.ts';

/** What a block can hold, and so what the bytes of one item can grow to. */
export const WAVE_SAMPLES_MAX = 4_096;
const ONE_CHANNEL = { channelCount: 1, blockFrames: WAVE_SAMPLES_MAX };

// Making an instance costs more than decoding a block: one for each module, for as long as the module is held.
const decoders = new WeakMap<CoreModule, WaveDecoder>();
let encoder: WaveEncoder | null = null;

/** The module that this release decodes with. */
export function installedDecoder(): CoreModule {
  return coreCatalog.get('wave-decode');
}

/** Little-endian int16 of a block, own memory; null when the bytes are not exactly one block of one channel. Errors: `input-range` for a module that is no decoder. */
export function decodeWave(block: Uint8Array, module: CoreModule): Uint8Array | null {
  const samples = decoderOf(module).decode(block);
  return samples === null ? null : new Uint8Array(samples.buffer);
}

/** The block of these little-endian int16; null when it would not be shorter than they are. */
export function encodeWave(samples: Uint8Array): Uint8Array | null {
  const count = samples.length / 2;
  if (count === 0 || count > WAVE_SAMPLES_MAX) return null;
  encoder ??= WaveEncoder.create(ONE_CHANNEL);
  encoder.reset();
  // A copy, because the place of bytes in a message need not be even.
  const full = encoder.push(new Int16Array(new Uint8Array(samples).buffer));
  const block = full[0] ?? encoder.flush()[0]!;
  return block.length < samples.length ? block : null;
}

function decoderOf(module: CoreModule): WaveDecoder {
  const known = decoders.get(module);
  if (known !== undefined) return known;
  try {
    const fresh = WaveDecoder.create({ ...ONE_CHANNEL, module });
    decoders.set(module, fresh);
    return fresh;
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    throw new MaiboError('input-range', `core ${module.name} ${module.version} does not decode blocks`, { cause });
  }
}
