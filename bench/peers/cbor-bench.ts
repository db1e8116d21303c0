// `cbor`: what strictness costs. Our decoding (deterministic profile, limits, memory of its own; then the schema) beside the lenient
// decoding of cbor-x, with its native addon and without.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Bench, type BenchReport, table } from '../bench.ts';
import type { CborNumbers, Ratio } from './cbor-measure.ts';

/** Strict scan and decode, against the time of cbor-x: the goal. */
const RATIO_MAX = 1.5;

export const cborBench: Bench = {
  name: 'cbor',
  about: 'strict CBOR beside the lenient decoding of cbor-x, as ratios of time',
  run: async () => reportOf([measureApart('false'), measureApart('true')]),
};

function measureApart(isAddonDisabled: 'true' | 'false'): CborNumbers {
  const env = { ...process.env, CBOR_NATIVE_ACCELERATION_DISABLED: isAddonDisabled };
  const script = fileURLToPath(new URL('./cbor-process.js', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [script], { env, encoding: 'utf8' })) as CborNumbers;
}

function reportOf(runs: readonly CborNumbers[]): BenchReport {
  const overBudget = runs.flatMap(({ sets, hasAddon }) =>
    sets
      .filter(({ strict }) => strict.ratio > RATIO_MAX)
      .map(({ set, strict }) => {
        return `${set}: ${strict.ratio.toFixed(2)} x the time of cbor-x ${nameOf(hasAddon)}, at most ${RATIO_MAX}`;
      }),
  );
  return { lines: runs.flatMap(linesOf), numbers: { runs }, overBudget, skipped: null };
}

function nameOf(hasAddon: boolean): string {
  return hasAddon ? 'with its addon' : 'without its addon';
}

function linesOf({ sets, encodeLive, hasAddon }: CborNumbers): string[] {
  const cells = ({ oursNs, peerNs, ratio }: Ratio) => [oursNs.toFixed(0), peerNs.toFixed(0), ratio.toFixed(2)];
  const rows = sets.map(({ set, bytes, strict, strictAgain, typed }) => {
    return [
      set,
      String(bytes),
      ...cells(strict),
      strictAgain.ratio.toFixed(2),
      ...cells(typed).slice(0, 1),
      typed.ratio.toFixed(2),
    ];
  });
  const head = ['decode', 'bytes', 'strict ns', 'cbor-x ns', 'ratio', 'ratio again', 'with schema ns', 'ratio'];
  return [
    `cbor-x ${nameOf(hasAddon)}; median in turns, inputs seen for the first time ("again": seen before, cbor-x keeps a DataView on each)`,
    ...table([head, ...rows]),
    `encode a live message, schema and all: ${encodeLive.oursNs.toFixed(0)} ns, cbor-x ${encodeLive.peerNs.toFixed(0)} ns, ratio ${encodeLive.ratio.toFixed(2)}`,
  ];
}
