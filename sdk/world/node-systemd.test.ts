// Against a real datagram socket, where python3 and systemd-notify are there to make one and to write to it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connectServiceManager } from './node-systemd.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-notify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const missing = ['python3', 'systemd-notify'].filter((program) => !has(program));
if (missing.length > 0 && process.env.MAIBO_REQUIRE_ALL === '1') throw new Error(`missing: ${missing.join(', ')}`);

/** Writes each datagram as one line; the barrier that systemd-notify waits at comes with a descriptor, which is closed at once. */
const LISTENER = `
import os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
open(sys.argv[1] + '.ready', 'w').close()
while True:
    data, descriptors, _, _ = socket.recv_fds(listener, 4096, 8)
    for descriptor in descriptors: os.close(descriptor)
    with open(sys.argv[2], 'a') as heard: heard.write(data.decode().replace('\\n', ' ').strip() + '\\n')
`;

async function listen(path: string, heard: string): Promise<ChildProcess> {
  writeFileSync(heard, '');
  const child = spawn('python3', ['-c', LISTENER, path, heard], { stdio: 'ignore' });
  while (!existsSync(`${path}.ready`)) await new Promise((resolve) => setTimeout(resolve, 20));
  return child;
}

describe('the service manager', () => {
  it('that is not there is told nothing, and waits for nothing', async () => {
    const manager = connectServiceManager({});
    expect(manager.heartbeatMs).toBeNull();
    await Promise.all([manager.ready('x'), manager.alive(), manager.stopping()]);
  });

  it('gets two signs of life within the time it waits for one', () => {
    const heartbeat = (more: Record<string, string>) =>
      connectServiceManager({ NOTIFY_SOCKET: '/run/none', ...more }).heartbeatMs;
    expect(heartbeat({ WATCHDOG_USEC: '60000000' })).toBe(30_000);
    expect(heartbeat({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: String(process.pid) })).toBe(30_000);
    expect(heartbeat({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '1' })).toBeNull();
    expect(heartbeat({ WATCHDOG_USEC: 'soon' })).toBeNull();
    expect(heartbeat({})).toBeNull();
  });

  it('that does not listen any more keeps nobody waiting', async () => {
    await connectServiceManager({ NOTIFY_SOCKET: join(folder, 'gone'), PATH: process.env.PATH }).alive();
    await connectServiceManager({ NOTIFY_SOCKET: join(folder, 'gone'), PATH: '/nowhere' }).alive();
  });

  it.skipIf(missing.length > 0)(
    `hears ready, alive and stopping${missing.length > 0 ? ` (no ${missing.join(', ')} here)` : ''}`,
    async () => {
      const [path, heard] = [join(folder, 'notify'), join(folder, 'heard')];
      const listener = await listen(path, heard);
      try {
        const manager = connectServiceManager({
          NOTIFY_SOCKET: path,
          PATH: process.env.PATH,
          WATCHDOG_USEC: '1000000',
        });
        await manager.ready('looking after 2 device(s)');
        await manager.alive();
        await manager.stopping();
        const lines = readFileSync(heard, 'utf8').split('\n');
        expect(lines.filter((line) => line !== '' && !line.startsWith('BARRIER'))).toEqual([
          'READY=1 STATUS=looking after 2 device(s)',
          'WATCHDOG=1',
          'STOPPING=1',
        ]);
      } finally {
        listener.kill('SIGKILL');
      }
    },
  );
});
