// How a session fails: the code, and what to do about it.
import { MaiboError } from '../errors.ts';

export type SessionErrorCode = 'link-lost' | 'link-timeout' | 'device-refused';

/** `where`: the name of the link. */
export function sessionError(
  where: string,
  code: SessionErrorCode,
  message: string,
  cause?: unknown,
  hint = 'start again: it resumes',
): MaiboError {
  return new MaiboError(code, message, { where, hint, cause });
}

/** Why there is no session, from the handshake's own code. */
export function refusalOf(where: string, code: string, detail: string): MaiboError {
  if (code === 'timed-out') {
    const hint = 'does it know this gateway? Pair them first';
    return sessionError(where, 'link-timeout', 'the device did not finish the handshake', null, hint);
  }
  if (code === 'expired') return sessionError(where, 'link-lost', 'the session ended', null, 'open it again');
  const said = detail === '' ? '' : `, ${detail}`;
  return sessionError(where, 'device-refused', `no session: ${code}${said}`, null, 'is it the device that was paired?');
}
