// Whoever has no Bluetooth is told where to look.
import { isMaiboError, MaiboError } from '../errors.ts';

const DOCTOR = '`maibo doctor` says why, and how to mend it';

/** The same failure with the doctor in its hint, when it is one of the radio. */
export function towardsDoctor(failure: unknown): unknown {
  if (!isMaiboError(failure, 'radio-absent', 'radio-off', 'radio-refused')) return failure;
  const { code, message, where, hint, cause } = failure;
  return new MaiboError(code, message, {
    hint: hint === null ? DOCTOR : `${hint}; ${DOCTOR}`,
    ...(where !== null && { where }),
    cause,
  });
}
