// What systemd hears of `maibo gateway`, from its start to its end.
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { useFolder } from '../lab/lab-process.testkit.ts';
import { type GatewayProcess, startGateway, until } from './gateway-process.testkit.ts';
import { listenForNotify, missingForNotify } from './notify-socket.testkit.ts';

const folder = useFolder('gateway-service');
const missing = missingForNotify();
if (missing.length > 0 && process.env.MAIBO_REQUIRE_ALL === '1') throw new Error(`missing: ${missing.join(', ')}`);

let gateway: GatewayProcess | null = null;
afterEach(async () => {
  gateway?.kill('SIGKILL');
  await gateway?.ended;
});

describe.skipIf(missing.length > 0)(
  `the service${missing.length > 0 ? ` (no ${missing.join(', ')} here)` : ''}`,
  () => {
    it('says ready once it serves, that it lives for as long as it does, and that it stops', async () => {
      const manager = await listenForNotify(folder);
      try {
        gateway = startGateway(join(folder, 'run'), '[gateway]\ndata = "data"', {
          NOTIFY_SOCKET: manager.path,
          WATCHDOG_USEC: '400000',
        });
        expect(await until(async () => manager.lines().length > 0)).toBe(true);
        expect((await gateway.get('/readyz')).status).toBe(200);
        const beats = () => manager.lines().filter((line) => line === 'WATCHDOG=1').length;
        expect(await until(async () => beats() > 3)).toBe(true);
        gateway.kill('SIGTERM');
        expect(await gateway.ended).toBe(0);
        const lines = manager.lines();
        expect(lines[0]).toBe('READY=1 STATUS=looking after 0 device(s)');
        expect(lines.at(-1)).toBe('STOPPING=1');
        expect(new Set(lines.slice(1, -1))).toEqual(new Set(['WATCHDOG=1']));
      } finally {
        manager.close();
      }
    });

    it('runs as well where the manager has gone', async () => {
      const environment = { NOTIFY_SOCKET: join(folder, 'nobody'), WATCHDOG_USEC: '400000' };
      gateway = startGateway(join(folder, 'alone'), '[gateway]\ndata = "data"', environment);
      expect(await until(async () => (await gateway!.get('/healthz')).status === 200)).toBe(true);
      gateway.kill('SIGTERM');
      expect(await gateway.ended).toBe(0);
    });
  },
);
