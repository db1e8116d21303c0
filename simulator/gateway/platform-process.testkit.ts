// The built reference platform as a process, on a port that can be had again. It ends with this process.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { toHex } from '@maibo/sdk';

const PLATFORM = fileURLToPath(new URL('../dist/platform/main.js', import.meta.url));

type PlatformNews =
  | { readonly type: 'listening'; readonly port: number; readonly publicKey: string }
  | { readonly type: 'failed'; readonly line: string };

export async function startPlatform(folder: string, trust: Uint8Array, port = 0) {
  const args = ['--dir', folder, '--trust', toHex(trust), '--port', String(port), '--key', `${folder}.key`];
  const child = fork(PLATFORM, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const news = await new Promise<PlatformNews>((resolve) =>
    child.once('message', (said) => resolve(said as PlatformNews)),
  );
  if (news.type !== 'listening') throw new Error(`the platform did not start: ${news.line}`);
  return {
    url: `http://127.0.0.1:${news.port}`,
    port: news.port,
    publicKey: news.publicKey,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
