// Time-stamped annotation lists (TAL) of EDF+:  +onset [0x15 duration] 0x14 text 0x14 text 0x14 0x00
// The first list of every data record has an empty text and says when the record begins.

import { MaiboError } from '../errors.ts';

export interface EdfNote {
  readonly onsetS: number;
  /** Empty for the list that stamps its record. */
  readonly text: string;
}

const ONSET = /^[+-]\d{1,12}(?:\.\d{0,12})?$/;

/** The lists in the annotation signal of one data record. */
export function parseEdfNotes(bytes: Uint8Array, where: string): EdfNote[] {
  const notes: EdfNote[] = [];
  for (const list of new TextDecoder('utf-8').decode(bytes).split('\0')) {
    if (list === '') continue;
    const [stamp = '', ...texts] = list.split('\x14');
    const onset = stamp.split('\x15')[0]!;
    if (!ONSET.test(onset) || texts.length === 0) {
      throw new MaiboError('input-format', 'the annotation does not begin with +seconds', { where });
    }
    // The last part follows the closing 0x14 and is always empty.
    for (const text of texts.slice(0, -1)) notes.push({ onsetS: Number(onset), text });
  }
  return notes;
}
