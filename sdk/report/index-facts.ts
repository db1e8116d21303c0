// What the page says of an index beside its value: group, unit, and one line in plain words.
import { defineIndex } from '@maibo/cores';
import type { AnalysisWords } from './analysis-words.ts';

export interface IndexFacts {
  readonly group: string;
  readonly unit: string;
  readonly plain: string;
}

/** `powerUnit` is what powers are in: divided by the highest density they have no unit. */
export function indexFacts(name: string, powerUnit: 'ms2' | '1', words: AnalysisWords): IndexFacts {
  const definition = defineIndex(name);
  if (definition === undefined) return { group: 'other', unit: '', plain: words.meaningUnknown };
  const { group, unit, plain } = definition;
  const hasUnit = unit !== '1' && (group !== 'frequency' || powerUnit === 'ms2');
  return { group, unit: hasUnit ? unit.replace('ms2', 'ms²') : '', plain: plain[words.language] };
}
