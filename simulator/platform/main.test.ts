// The platform as its own process, killed without warning. It runs the built code, as the lab does (npm test builds first).
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateEd25519 } from '@maibo/protocols';
import { createLabKey } from '@maibo/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { makeSegments } from './made-up-stream.ts';

const MAIN = fileURLToPath(new URL('../dist/platform/main.js', import.meta.url));
const gateway = generateEd25519(new Uint8Array(32).fill(1));
const TRUST = Buffer.from(gateway.publicKey).toString('hex');

const children: ChildProcess[] = [];
const dirs: string[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'maibo-platform-'));
  dirs.push(dir);
  return dir;
}

async function startProcess(dir: string) {
  const child = fork(MAIN, ['--dir', dir, '--trust', TRUST, '--seed', '3', '--clock-utc-us', '1790000000000000'], {
    execArgv: [],
  });
  children.push(child);
  const message = await new Promise<{ type: string; port: number; publicKey: string }>((resolve, reject) => {
    child.once('message', (said) => resolve(said as { type: string; port: number; publicKey: string }));
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended, message, url: `http://127.0.0.1:${message.port}` };
}

/** The status, or null when the process went away before it answered. */
function putStatus(url: string, segment: { sha256Hex: string; bytes: Uint8Array }): Promise<number | null> {
  return new Promise((resolve) => {
    // A connection of its own each time: none is left over from a process that is gone.
    const sent = request(`${url}/segments/${segment.sha256Hex}`, {
      method: 'PUT',
      agent: false,
      headers: { 'content-type': 'application/cbor', 'content-length': segment.bytes.length },
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('error', () => {});
      response.on('close', () => resolve(response.complete ? (response.statusCode ?? null) : null));
    });
    sent.on('error', () => resolve(null));
    sent.end(segment.bytes);
  });
}

describe.skipIf(!existsSync(MAIN))('platform process', () => {
  it('keeps every segment it answered for through kill -9', async () => {
    const dir = await newDir();
    const segments = makeSegments(gateway, { segmentCount: 40 });
    let answered = 0;
    for (const killAfterMs of [20, 60, 120]) {
      const { child, url, ended } = await startProcess(dir);
      setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      for (const segment of segments.slice(answered)) {
        const status = await putStatus(url, segment);
        if (status === null) break;
        expect([200, 201]).toContain(status);
        answered++;
      }
      await ended;
    }
    expect(answered).toBeGreaterThan(0);
    const { url } = await startProcess(dir);
    for (const segment of segments.slice(0, answered)) expect(await putStatus(url, segment)).toBe(200);
    for (const segment of segments.slice(answered)) expect([200, 201]).toContain(await putStatus(url, segment));
  });

  it('says its port and key, ends cleanly when told to, and with its parent', async () => {
    const first = await startProcess(await newDir());
    expect(first.message.type).toBe('listening');
    expect(first.message.publicKey).toBe(Buffer.from(createLabKey('platform', 3).publicKey).toString('hex'));
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const second = await startProcess(await newDir());
    second.child.disconnect();
    expect(await second.ended).toBe(0);
  });
});
