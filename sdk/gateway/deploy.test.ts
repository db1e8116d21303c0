// The files for an installation, read by the programs that will read them there, as far as those are here.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { STOP_MS } from './gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-deploy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../deploy/${name}`, import.meta.url)), 'utf8');
const isThere = (program: string, ...args: string[]) => {
  const isFound = spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  if (!isFound && process.env.MAIBO_REQUIRE_ALL === '1') throw new Error(`missing: ${program}`);
  return isFound;
};

describe('the systemd unit', () => {
  const unit = read('maibo-gateway.service');
  const settings = new Map(
    unit.split('\n').flatMap((line) => {
      const found = /^([A-Za-z]+)=(.*)$/.exec(line);
      return found === null ? [] : [[found[1]!, found[2]!] as const];
    }),
  );

  const hasAnalyze = isThere('systemd-analyze', '--version');
  it.skipIf(!hasAnalyze)(`is one that systemd takes as it is${hasAnalyze ? '' : ' (no systemd-analyze here)'}`, () => {
    const path = join(folder, 'maibo-gateway.service');
    // The one thing that depends on where it is installed.
    writeFileSync(path, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    expect(stderr.split('\n').filter((line) => line.includes('maibo-gateway'))).toEqual([]);
    expect(status).toBe(0);
  });

  it('waits for a sign of life, and longer for the end than the gateway takes', () => {
    expect(settings.get('Type')).toBe('notify');
    expect(settings.get('NotifyAccess')).toBe('all');
    expect(Number(settings.get('WatchdogSec'))).toBeGreaterThan(30);
    expect(Number(settings.get('TimeoutStopSec'))).toBeGreaterThan(STOP_MS / 1_000 + 5);
    expect(settings.get('Restart')).toBe('on-failure');
    expect(settings.get('RestartPreventExitStatus')).toBe('2');
  });

  it('lets the gateway reach its ports, its bus and its folder, and leaves its engine able to run', () => {
    expect(unit).toMatch(/^DeviceAllow=char-ttyUSB rw$/m);
    expect(unit).toMatch(/^DeviceAllow=char-ttyACM rw$/m);
    expect(settings.get('SupplementaryGroups')).toBe('dialout bluetooth');
    expect(settings.get('RestrictAddressFamilies')).toContain('AF_UNIX');
    expect(settings.get('StateDirectory')).toBe('maibo-gateway');
    expect(settings.has('MemoryDenyWriteExecute')).toBe(false);
    expect(read('gateway.toml')).toContain(`data = "/var/lib/${settings.get('StateDirectory')}"`);
  });
});

describe('the udev rules', () => {
  it('are matches and assignments of a form that udev knows', () => {
    const rules = read('70-maibo.rules')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) {
      for (const part of rule.split(', ')) {
        expect(part).toMatch(/^(ACTION|SUBSYSTEM|ATTRS\{\w+\}|ENV\{\w+\}|GROUP|MODE|TAG|SYMLINK)(==|!=|=|\+=)"[^"]*"$/);
      }
      expect(rule).toContain('ENV{ID_MM_DEVICE_IGNORE}="1"');
    }
  });
});

describe('the D-Bus policy', () => {
  const hasBus = isThere('dbus-daemon', '--version');
  it.skipIf(!hasBus)(`is one that a bus daemon starts with${hasBus ? '' : ' (no dbus-daemon here)'}`, () => {
    // The daemon refuses a user that this machine does not have.
    const policy = read('maibo-gateway.conf').replace('user="maibo-gateway"', `user="${process.getuid?.() ?? 0}"`);
    expect(policy).toContain('<allow send_destination="org.bluez"/>');
    writeFileSync(join(folder, 'policy.conf'), policy);
    const main = `<busconfig><type>session</type><listen>unix:path=${folder}/bus</listen><include>${folder}/policy.conf</include></busconfig>`;
    writeFileSync(join(folder, 'bus.conf'), main);
    const started = spawnSync('dbus-daemon', [`--config-file=${folder}/bus.conf`, '--fork', '--print-pid'], {
      encoding: 'utf8',
    });
    expect(started.stderr).toBe('');
    process.kill(Number(started.stdout), 'SIGTERM');
  });
});
