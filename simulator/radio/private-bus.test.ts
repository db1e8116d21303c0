import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { until } from './air.testkit.ts';
import { createStrap } from './clinic-devices/heart-rate-strap.ts';
import { Bus } from './dbus/bus.ts';
import { Central, DEVICE } from './double/central.testkit.ts';
import { openBluezDouble } from './double/double.ts';
import { serveDevice } from './peripheral/serve-device.ts';
import { hasDbusDaemon, openPrivateBus } from './private-bus.ts';

const mustRun = hasDbusDaemon() || process.env.MAIBO_REQUIRE_ALL === '1';
const HEART_RATE = '00002a37-0000-1000-8000-00805f9b34fb';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!mustRun)(`a private bus${mustRun ? '' : ' (no dbus-daemon here)'}`, () => {
  it('dies and comes back at the same address', async () => {
    await using daemon = await openPrivateBus();
    const bus = await Bus.open(daemon.address);
    await daemon.kill();
    await bus.ended;
    await expect(bus.addMatch("type='signal'")).rejects.toThrow('the bus is gone');
    await expect(Bus.open(daemon.address)).rejects.toThrow();
    await daemon.restart();
    const again = await Bus.open(daemon.address);
    expect(again.name).toMatch(/^:/);
    again.close();
  });

  it('goes with its owner, even one that is killed; so does the double', async () => {
    const lab = fileURLToPath(new URL('../dist/radio/main.js', import.meta.url));
    const child = spawn(process.execPath, [lab, '--device', 'strap'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await until(() => said.includes('on the air'));
    const socket = /unix:path=(\S+)/.exec(said)![1]!;
    const bus = await Bus.open(`unix:path=${socket}`);
    const pidOf = {
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
    };
    const ask = (name: string) =>
      bus.call({ ...pidOf, member: 'GetConnectionUnixProcessID', signature: 's', body: [name] });
    const [daemonPid] = (await ask('org.freedesktop.DBus')) as [number];
    const [doublePid] = (await ask('org.bluez')) as [number];
    expect(isRunning(daemonPid) && isRunning(doublePid)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await bus.ended;
    await until(() => !isRunning(daemonPid) && !isRunning(doublePid) && !existsSync(dirname(socket)));
  });

  it('is taken down in good order by Ctrl-C', async () => {
    const lab = fileURLToPath(new URL('../dist/radio/main.js', import.meta.url));
    const child = spawn(process.execPath, [lab, '--device', 'cuff', '--device', 'scale'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await until(() => said.includes('on the air'));
    expect(said).toMatch(/Cuff \w{4}: 00:AA:01:00:00:01 \(hci1\)\nScale \w{4}: 00:AA:01:00:00:02 \(hci2\)/);
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(existsSync(/unix:path=(\S+)/.exec(said)![1]!)).toBe(false);
  });
});

describe.skipIf(!mustRun)(`a device on the air${mustRun ? '' : ' (no dbus-daemon here)'}`, () => {
  it('comes back after the service was killed, and after the bus was', async () => {
    await using daemon = await openPrivateBus();
    await using double = await openBluezDouble({ busAddress: daemon.address, settings: { lookMs: 10 } });
    const device = createStrap({ speed: 100 });
    await using served = await serveDevice({ busAddress: daemon.address, adapter: 'hci1', device, clock: systemClock });
    const hear = async () => {
      const central = await Central.open(daemon.address);
      await central.connect();
      await central.call(await central.characteristic(HEART_RATE), 'StartNotify');
      await until(() => central.values.length > 2);
      central.bus.close();
    };
    await hear();
    await double.restart();
    await hear();
    await daemon.restart();
    await double.restart();
    await hear();
    expect(DEVICE.endsWith(served.address.replaceAll(':', '_'))).toBe(true);
  });
});
