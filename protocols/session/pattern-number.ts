// Patterns on the wire.

import type { PatternName } from '../noise/patterns.ts';

export const PATTERN_NUMBERS: Readonly<Record<PatternName, number>> = { XX: 1, KK: 2, IKpsk2: 3 };

/** Null for a number this version does not know: it is ignored in a list and refused in a noise message. */
export function patternOfNumber(number: number): PatternName | null {
  const found = Object.entries(PATTERN_NUMBERS).find(([, known]) => known === number);
  return found === undefined ? null : (found[0] as PatternName);
}
