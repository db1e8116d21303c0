// Which answers of a verb are possible at all (ABI.md, "Verbs"); everything else is a core that does not follow it.

import type { Verb } from '@maibo/cores';

const ABI_VERSION = 1;
/** The lowest number in the table of ABI.md, "Status". */
const STATUS_MIN = -4;

/** What is wrong with this answer; null when nothing is. `count`: elements of a push or poll. */
export function answerFault(verb: Verb, answer: number, memoryBytes: number, count: number): string | null {
  if (!Number.isInteger(answer)) return `${verb} answered ${answer}`;
  if (verb === 'abi') return answer === ABI_VERSION ? null : `it follows ABI ${answer}, this host ABI ${ABI_VERSION}`;
  if (answer < 0 && verb !== 'arena')
    return answer >= STATUS_MIN ? null : `${verb} answered ${answer}, which is no status`;
  const [min, max] = rangeOf(verb, memoryBytes, count);
  if (answer < min || answer > max) return `${verb} answered ${answer}, possible are ${min} to ${max}`;
  return verb === 'arena' && answer % 8 !== 0 ? `arena answered ${answer}, which is not aligned to 8` : null;
}

function rangeOf(verb: Verb, memoryBytes: number, count: number): readonly [number, number] {
  if (verb === 'arena') return [8, memoryBytes];
  if (verb === 'size') return [1, memoryBytes];
  return verb === 'push' || verb === 'poll' ? [0, count] : [0, 0];
}
