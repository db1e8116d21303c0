// Packages that tests make: the ECG core as if a maker had sealed it, and what becomes of it when one part is another.

import { coreCatalog } from '@maibo/cores';
import { createLabKey } from '../world/node-keys.ts';
import { type ManifestDraft, packCore } from './core-package.ts';

export const makerKey = createLabKey('maker', 1);

export const ECG_DRAFT: ManifestDraft = {
  name: 'maker-beats',
  version: '1.2.3',
  licence: 'Apache-2.0',
  takes: { signal: 'ecg', unit: 'mV', channelCount: 1, rateHzMin: 100, rateHzMax: 500 },
  size: [],
  init: ['rateHz'],
  gives: {
    bytes: 16,
    fields: [
      { name: 'sample', type: 'f64', at: 0, unit: '' },
      { name: 'quality', type: 'f32', at: 8, unit: '' },
      { name: 'kind', type: 'u16', at: 12, unit: '' },
      { name: 'flags', type: 'u16', at: 14, unit: '' },
    ],
  },
  limits: { pagesMax: 16, callMs: 1_000 },
};

export function madePackage(
  wasm: Uint8Array = coreCatalog.get('ecg').bytes,
  change: Partial<ManifestDraft> = {},
): Uint8Array {
  const packed = packCore({ ...ECG_DRAFT, ...change }, wasm, makerKey);
  if (!packed.ok) throw new Error(packed.fault.detail);
  return packed.value;
}
