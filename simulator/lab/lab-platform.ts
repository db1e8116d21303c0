// The reference platform as a process beside the lab, on loopback.
import { keyIdOf } from '@maibo/protocols';
import { createHttpUplink, fromHex, MaiboError, type Signer, toHex, type Uplink } from '@maibo/sdk';
import { startChild } from './child.ts';

export interface LabPlatform {
  readonly url: string;
  readonly uplink: Uplink;
  readonly key: { readonly keyId: Uint8Array; readonly publicKey: Uint8Array };
  stop(): Promise<void>;
}

type PlatformNews =
  | { readonly type: 'listening'; readonly port: number; readonly publicKey: string }
  | { readonly type: 'failed'; readonly line: string };

export interface LabPlatformOptions {
  readonly folder: string;
  readonly trust: Signer;
  /** Given: a lab key and a clock that stands still. Else a key file and the machine's clock. */
  readonly lab: { readonly seed: number; readonly utcUs: number } | null;
}

export async function startLabPlatform({ folder, trust, lab }: LabPlatformOptions): Promise<LabPlatform> {
  const identity =
    lab === null ? ['--key', `${folder}.key`] : ['--seed', String(lab.seed), '--clock-utc-us', String(lab.utcUs)];
  const child = startChild<PlatformNews>('platform/main.js', [
    '--dir',
    folder,
    '--trust',
    toHex(trust.publicKey),
    '--port',
    '0',
    ...identity,
  ]);
  const news = await child.next();
  if (news?.type !== 'listening') {
    await child.stop();
    const why = news === null ? '' : `: ${news.line}`;
    throw new MaiboError('platform-unreachable', `the reference platform did not start${why}`, { where: folder });
  }
  const url = `http://127.0.0.1:${news.port}`;
  const publicKey = fromHex(news.publicKey);
  return {
    url,
    uplink: createHttpUplink(url),
    key: { keyId: keyIdOf(publicKey), publicKey },
    stop: () => child.stop(),
  };
}
