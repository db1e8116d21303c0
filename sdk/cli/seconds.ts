// --seconds of the first-contact commands.
import { MaiboError } from '../errors.ts';

const SECONDS_MAX = 86_400;

/** Errors: `usage`. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= SECONDS_MAX) return seconds;
  throw new MaiboError('usage', `--seconds ${text} is not possible`, { hint: `give a number up to ${SECONDS_MAX}` });
}
