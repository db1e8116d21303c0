// The way to a platform over HTTP: PUT /segments/{sha256}.
import { MaiboError } from '../errors.ts';
import type { Uplink, UplinkAnswer } from './world.ts';

const ANSWER_DEADLINE_MS = 10_000;
/** A receipt is a few hundred bytes; anything longer is none. */
const ANSWER_BYTES_MAX = 64 * 1024;

const OUTCOMES: Readonly<Record<number, UplinkAnswer['outcome']>> = {
  200: 'known',
  201: 'stored',
  409: 'conflict',
  412: 'predecessor-missing',
};

/** `baseUrl` without a slash at the end. Answers of 5xx and silence are `platform-unreachable`: worth another try. */
export function createHttpUplink(baseUrl: string): Uplink {
  return {
    async putSegment(sha256Hex, bytes, signal) {
      const response = await send(`${baseUrl}/segments/${sha256Hex}`, bytes, signal);
      const outcome = OUTCOMES[response.status] ?? (response.status < 500 ? 'refused' : null);
      if (outcome === null) throw unreachable(baseUrl, `it answered ${response.status}`);
      if (outcome === 'known' || outcome === 'stored') return { outcome, receipt: response.body };
      return { outcome, detail: `${response.status} ${Buffer.from(response.body).toString('utf8').slice(0, 500)}` };
    },
  };
}

async function send(
  url: string,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<{ status: number; body: Uint8Array }> {
  const deadline = AbortSignal.timeout(ANSWER_DEADLINE_MS);
  try {
    const response = await fetch(url, {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': 'application/cbor' },
      redirect: 'error',
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    if (body.length > ANSWER_BYTES_MAX) throw new Error(`the answer has ${body.length} bytes`);
    return { status: response.status, body };
  } catch (cause) {
    throw unreachable(url, 'no answer came', cause);
  }
}

function unreachable(where: string, message: string, cause?: unknown): MaiboError {
  return new MaiboError('platform-unreachable', message, {
    where,
    hint: 'segments wait in the store and are sent later',
    cause,
  });
}
