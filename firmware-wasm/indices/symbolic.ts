// Symbolic dynamics: intervals as four letters, words of three.

import { type IndexDefinition, inGroup } from './index-definition.ts';

interface Family {
  readonly name: '0V' | '1V' | '2LV' | '2UV';
  readonly title: string;
  readonly en: string;
  readonly zh: string;
  readonly words: string;
  readonly responds: string;
}

const FAMILIES: readonly Family[] = [
  {
    name: '0V',
    title: 'no variation',
    en: 'Share of three beats in a row on one level',
    zh: '符号动力学0V：连续三搏处于同一水平的比例',
    words: 'a = b = c',
    responds: 'Rises with sympathetic activation (tilt, exercise), in proportion to the angle of the tilt.',
  },
  {
    name: '1V',
    title: 'one variation',
    en: 'Share of three beats with one change of level',
    zh: '符号动力学1V：三搏中水平变化一次的比例',
    words: 'a = b, b != c or a != b, b = c',
    responds: 'Little: it is mostly the remainder.',
  },
  {
    name: '2LV',
    title: 'two like variations',
    en: 'Share of three beats that go on rising or falling',
    zh: '符号动力学2LV：三搏持续上升或下降的比例',
    words: 'a < b < c or a > b > c',
    responds: 'Vagal modulation: falls with sympathetic activation.',
  },
  {
    name: '2UV',
    title: 'two unlike variations',
    en: 'Share of three beats that turn in between',
    zh: '符号动力学2UV：三搏中途反转的比例',
    words: 'a < b > c or a > b < c',
    responds: 'Vagal modulation: falls with sympathetic activation.',
  },
];

export const SYMBOLIC_DEFINITIONS: readonly IndexDefinition[] = inGroup(
  'symbolic',
  FAMILIES.map(({ name, title, en, zh, words, responds }) => ({
    column: `HRV_Symbolic_EqualProb4_${name}`,
    title: `Symbolic dynamics, quartiles: ${title} (${name})`,
    plain: { en, zh },
    unit: '1',
    formula: `share of words ${words} among words of three letters; letters: the quarter of all intervals that an interval lies in`,
    window: '5 min; 250 to 300 beats in the papers',
    minimum: '3 intervals in a row',
    sources: ['porta2007', 'cysarz2018'],
    tools:
      'Porta cuts the range into six equal parts; NeuroKit2 by default into quartiles, after Cysarz, and so do we. Papers give per cent.',
    responds,
    caveats:
      'Equal intervals fall together on one side of a quartile, so coarse stamps matter. Words across a gap are left out.',
  })),
);
