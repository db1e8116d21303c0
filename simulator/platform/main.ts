// The platform as a process of its own, so that the lab can kill it like a real one.
//
//   node main.js --dir DIR --trust HEXPUBKEY[,HEX...] [--port 0] (--key FILE | --seed N) [--clock-utc-us N]
//
// Says { type: 'listening', port, publicKey } (or { type: 'failed', line }) to its parent, or on one line when it has none. Ends with its
// parent.
import { parseArgs } from 'node:util';
import { createLabKey, loadOrCreateKey, type Signer, systemClock, systemEntropy } from '@maibo/sdk';
import { openPlatform, type PlatformOptions } from './platform.ts';

const LAB_CLOCK_STEP_US = 1_000;

interface Settings extends PlatformOptions {
  readonly port: number;
  readonly signer: Signer;
}

async function main(): Promise<void> {
  const settings = readSettings();
  const platform = await openPlatform(settings);
  const port = await platform.listen(settings.port);
  const shutDown = () => {
    platform.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const reason of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(reason, shutDown);
  const publicKey = Buffer.from(settings.signer.publicKey).toString('hex');
  if (process.send !== undefined) process.send({ type: 'listening', port, publicKey });
  else process.stdout.write(`listening on http://127.0.0.1:${port} with key ${publicKey}\n`);
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      trust: { type: 'string' },
      port: { type: 'string', default: '0' },
      key: { type: 'string' },
      seed: { type: 'string' },
      'clock-utc-us': { type: 'string' },
    },
  });
  if (values.dir === undefined) throw new Error('--dir is missing: where segments are kept');
  if ((values.key === undefined) === (values.seed === undefined)) throw new Error('give either --key FILE or --seed N');
  return {
    dir: values.dir,
    trustedKeys: readTrust(values.trust ?? ''),
    port: readWhole('port', values.port, 65_535),
    signer:
      values.key !== undefined
        ? loadOrCreateKey(values.key, systemEntropy)
        : createLabKey('platform', readWhole('seed', values.seed ?? '', Number.MAX_SAFE_INTEGER)),
    nowUtcUs: createClock(values['clock-utc-us']),
  };
}

function readTrust(list: string): Uint8Array[] {
  return list.split(',').map((hex) => {
    if (!/^[0-9a-f]{64}$/.test(hex))
      throw new Error('--trust takes public keys of 64 hexadecimal digits, parted by commas');
    return new Uint8Array(Buffer.from(hex, 'hex'));
  });
}

/** Without a start the system's clock; with one, a clock that moves a millisecond each time it is read: f(seed) stays so. */
function createClock(startText: string | undefined): () => number {
  if (startText === undefined) return systemClock.nowUtcUs;
  let next = readWhole('clock-utc-us', startText, Number.MAX_SAFE_INTEGER);
  return () => {
    const now = next;
    next += LAB_CLOCK_STEP_US;
    return now;
  };
}

function readWhole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || value > max) throw new Error(`--${name} takes a whole number up to ${max}`);
  return value;
}

main().catch((thrown: unknown) => {
  const line = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`platform: ${line}\n`);
  if (process.send === undefined) process.exit(1);
  process.send({ type: 'failed', line }, () => process.exit(1));
});
