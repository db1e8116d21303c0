// A maker's own core as an application uses it: opened from its package, allowed, run in an engine, its findings read by its manifest.

import { CoreInstance, type CoreLayout, CoreStatusError } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import { allowPackage, type CoreAllowList } from './allow-list.ts';
import { type CoreManifest, FIELD_BYTES, type FieldType, type FindingField } from './core-manifest.ts';
import { type CorePackage, openCorePackage } from './core-package.ts';
import type { Engine } from './engine.ts';

/** By the names of the manifest's fields. */
export type GuestFinding = Readonly<Record<string, number>>;

export class GuestCore {
  readonly manifest: CoreManifest;
  readonly #core: CoreInstance<GuestFinding>;

  private constructor(manifest: CoreManifest, core: CoreInstance<GuestFinding>) {
    this.manifest = manifest;
    this.#core = core;
  }

  /** Errors: `core-refused` for a package that is none, or that nobody allowed. */
  static open(bytes: Uint8Array, allowed: CoreAllowList): CorePackage {
    const opened = openCorePackage(bytes);
    if (!opened.ok) throw new MaiboError('core-refused', `no core package: ${opened.fault.detail}`);
    allowPackage(opened.value, allowed);
    return opened.value;
  }

  /** An instance for this rate. Errors: `input-range` for a rate that the core does not take, `core-refused`, `core-stopped`. */
  static create({ manifest, wasm }: CorePackage, rateHz: number, engine: Engine): GuestCore {
    const { rateHzMin, rateHzMax } = manifest.takes;
    const wrongRate = (cause?: unknown) =>
      new MaiboError('input-range', `core ${manifest.name} does not take ${rateHz} samples per second`, { cause });
    if (!(rateHz >= rateHzMin && rateHz <= rateHzMax)) throw wrongRate();
    const module = engine.admit(manifest.name, manifest.version, wasm, manifest.limits);
    const numbers = (settings: CoreManifest['init']) => settings.map((one) => (one === 'rateHz' ? rateHz : one));
    try {
      const core = new CoreInstance(module, layoutOf(manifest), numbers(manifest.size), numbers(manifest.init));
      return new GuestCore(manifest, core);
    } catch (cause) {
      if (!(cause instanceof CoreStatusError)) throw cause;
      throw wrongRate(cause);
    }
  }

  /** Samples in frames of the manifest's channels; a push may end inside a frame. Errors: `core-status`, `core-stopped`. */
  push(samples: Float32Array): GuestFinding[] {
    return told(() => this.#core.pushFloats(samples));
  }

  flush(): GuestFinding[] {
    return told(() => this.#core.flush());
  }

  reset(): void {
    told(() => this.#core.reset());
  }

  snapshot(): Uint8Array {
    return this.#core.snapshot();
  }

  restore(snapshot: Uint8Array): void {
    this.#core.restore(snapshot);
  }
}

function told<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    throw new MaiboError('core-status', cause.message, { cause });
  }
}

function layoutOf({ name, gives }: CoreManifest): CoreLayout<GuestFinding> {
  const readFinding = (view: DataView, at: number) =>
    Object.fromEntries(gives.fields.map((field) => [field.name, readField(view, at, field)]));
  return { core: name, inputBytes: FIELD_BYTES.f32, findingBytes: gives.bytes, readFinding };
}

const READ: Readonly<Record<FieldType, (view: DataView, at: number) => number>> = {
  u8: (view, at) => view.getUint8(at),
  u16: (view, at) => view.getUint16(at, true),
  u32: (view, at) => view.getUint32(at, true),
  i32: (view, at) => view.getInt32(at, true),
  f32: (view, at) => view.getFloat32(at, true),
  f64: (view, at) => view.getFloat64(at, true),
};

function readField(view: DataView, at: number, { type, at: offset }: FindingField): number {
  return READ[type](view, at + offset);
}
