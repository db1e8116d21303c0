// Results that are sealed against those that running their cores again gives.
import { encodeRecord, type ResultRecord } from '@maibo/protocols';
import type { Result } from '../pipeline/result.ts';
import { type Problem, placeName } from './problem.ts';

/** Null when the stored results are the expected ones, bit for bit. */
export function compareResults(
  expected: readonly Result[],
  found: readonly ResultRecord[],
  where: string,
): Problem | null {
  for (const [index, stored] of found.entries()) {
    const place = `${placeName(stored.place)} record ${stored.place.seq}`;
    const again = expected[index];
    if (again === undefined) return { code: 'result', where: place, message: 'its input gives no such result' };
    const { kind, v, place: at, prev } = stored;
    if (Buffer.compare(encodeRecord({ kind, v, place: at, prev, ...again }), encodeRecord(stored)) === 0) continue;
    return { code: 'result', where: place, message: `running its modules again gives another ${stored.result} result` };
  }
  const lacking = expected.length - found.length;
  return lacking === 0
    ? null
    : { code: 'result-missing', where, message: `${lacking} result(s) of this input are not there` };
}
