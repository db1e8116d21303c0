// The body of a request, never more of it in memory than allowed.
import type { IncomingMessage } from 'node:http';
import { type Outcome, refuse } from './refusal.ts';

/** A body a little too long is read to its end and thrown away, so that the answer is not lost to a reset connection. */
const PATIENCE = 4;

/** Collects at most `bytesMax`. Past `PATIENCE` times that the sender is not listened to any longer. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Outcome<Uint8Array>> {
  const tooLarge = refuse('too-large', `a segment has at most ${bytesMax} bytes`, 'make smaller segments');
  if (Number(request.headers['content-length'] ?? 0) > PATIENCE * bytesMax) return tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bytesMax) chunks.push(chunk);
      else chunks.length = 0;
      if (size > PATIENCE * bytesMax) {
        request.pause();
        resolve(tooLarge);
      }
    });
    request.on('end', () =>
      resolve(size > bytesMax ? tooLarge : { ok: true, value: new Uint8Array(Buffer.concat(chunks)) }),
    );
    request.on('error', reject);
    request.on('close', () => reject(new Error('the body broke off')));
  });
}
