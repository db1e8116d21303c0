// Every index that a core or a function gives, defined; and what is missing on either side.

import { ASYMMETRY_DEFINITIONS } from './asymmetry.ts';
import { BREATHING_DEFINITIONS } from './breathing.ts';
import { COMPLEXITY_DEFINITIONS } from './complexity.ts';
import { ENTROPY_DEFINITIONS } from './entropy.ts';
import { FLUCTUATION_DEFINITIONS } from './fluctuation.ts';
import { FRAGMENTATION_DEFINITIONS } from './fragmentation.ts';
import { FREQUENCY_DEFINITIONS } from './frequency.ts';
import type { IndexDefinition } from './index-definition.ts';
import { MOTION_DEFINITIONS } from './motion.ts';
import { POINCARE_DEFINITIONS } from './poincare.ts';
import { RECURRENCE_DEFINITIONS } from './recurrence.ts';
import { RSA_DEFINITIONS } from './rsa.ts';
import { STRESS_DEFINITIONS } from './stress.ts';
import { SYMBOLIC_DEFINITIONS } from './symbolic.ts';
import { TIME_DEFINITIONS } from './time.ts';
import { TRAINING_DEFINITIONS } from './training.ts';

/** In the order of NeuroKit2's columns, then what it does not have in nk.hrv(). */
export const INDEX_DEFINITIONS: readonly IndexDefinition[] = [
  ...TIME_DEFINITIONS,
  ...FREQUENCY_DEFINITIONS,
  ...POINCARE_DEFINITIONS,
  ...FRAGMENTATION_DEFINITIONS,
  ...ASYMMETRY_DEFINITIONS,
  ...FLUCTUATION_DEFINITIONS,
  ...ENTROPY_DEFINITIONS,
  ...COMPLEXITY_DEFINITIONS,
  ...SYMBOLIC_DEFINITIONS,
  ...RECURRENCE_DEFINITIONS,
  ...RSA_DEFINITIONS,
  ...STRESS_DEFINITIONS,
  ...TRAINING_DEFINITIONS,
  ...BREATHING_DEFINITIONS,
  ...MOTION_DEFINITIONS,
];

const byColumn = new Map(INDEX_DEFINITIONS.map((definition) => [definition.column, definition]));

/** The definition of a column, or undefined. */
export function defineIndex(column: string): IndexDefinition | undefined {
  return byColumn.get(column);
}

export interface Coverage {
  /** Given by something, defined nowhere. */
  readonly undefinedColumns: string[];
  /** Defined, given by nothing. */
  readonly ungivenColumns: string[];
}

/** What stands among the values of a finding and is a moment, no index. */
const MOMENTS: ReadonlySet<string> = new Set(['timeS']);

/** Holds the columns that cores and functions give against the definitions. */
export function coverageOf(givenColumns: readonly string[]): Coverage {
  const given = new Set(givenColumns);
  return {
    undefinedColumns: [...given].filter((column) => !byColumn.has(column) && !MOMENTS.has(column)),
    ungivenColumns: [...byColumn.keys()].filter((column) => !given.has(column)),
  };
}
