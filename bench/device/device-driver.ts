// What the harness must know of a core to play a tape to it: how an instance is made, and what is pushed. Everything else is the ABI.

export interface DeviceDriver {
  /** Name of the module in firmware-wasm/generated. */
  readonly core: string;
  /** What is done with it: mode, inputs. */
  readonly name: string;
  /** Numbers behind the module's own argument of `size`, and behind `at` of `init`. */
  readonly sizeNumbers: readonly number[];
  readonly initNumbers: readonly number[];
  /** What `push` counts, and what `poll` counts and writes. */
  readonly elementBytes: number;
  readonly findingBytes: number;
  /** How many findings a poll asks for. */
  readonly pollCount: number;
  /** What cost is given per; a count of null stands for the findings. */
  readonly unit: string;
  readonly unitCount: number | null;
  /** Instructions per unit at most, on a Cortex-M4F; null where nothing is asked. */
  readonly budget: number | null;
  /** One push each; whole elements. */
  readonly pushes: readonly Uint8Array[];
}

/** Under which hashes.json and baseline.json know a driver. */
export function keyOf({ core, name }: DeviceDriver): string {
  return `${core}, ${name}`;
}
