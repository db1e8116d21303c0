// The HRV measures of a window, in the order of their definitions, with the unit and the plain words that go beside them.
import { defineIndex, INDEX_DEFINITIONS } from '@maibo/cores';
import type { Messages } from './messages.en.ts';

export interface HrvMeasure {
  readonly name: string;
  readonly unit: string;
  readonly decimals: number;
  readonly meaning: string;
}

const ORDER = new Map(INDEX_DEFINITIONS.map(({ column }, index) => [column, index]));

/** The known measures that occur, in the order of their definitions, then the unknown ones by name. */
export function measuresIn(names: ReadonlySet<string>, messages: Messages): HrvMeasure[] {
  const place = (name: string) => ORDER.get(name) ?? ORDER.size;
  return [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1)).map((name) => measureOf(name, messages));
}

function measureOf(name: string, messages: Messages): HrvMeasure {
  const definition = defineIndex(name);
  if (definition === undefined) return { name, unit: messages.unitNone, decimals: 3, meaning: messages.meaningUnknown };
  const unit = definition.unit === '1' ? messages.unitRatio : definition.unit.replace('ms2', 'ms²');
  const meaning = definition.plain[messages.lang === 'en' ? 'en' : 'zh'];
  return { name, unit, decimals: definition.unit === '1' ? 3 : 1, meaning };
}
