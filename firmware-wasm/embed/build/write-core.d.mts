import type { CoreFacts, Measured } from './measure.mjs';
import type { Translation } from './translate.mjs';

export declare function writeCore(
  facts: CoreFacts,
  translation: Translation,
  measured: Measured,
  options: { readonly constantsInFlash: boolean },
): string;
export declare function storageBytesOf(translation: Translation, measured: Measured, constantsInFlash: boolean): number;
