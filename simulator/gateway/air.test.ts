// `maibo gateway` as a process (npm test builds first) over D-Bus, with everything on the air that a clinic has, and with everything going
// down under it that can: adapter, Bluetooth service, bus.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useFolder } from '../lab/lab-process.testkit.ts';
import { hasDbusDaemon } from '../radio/private-bus.ts';
import {
  type AirName,
  type AirScene,
  CLINIC_NAMES,
  METER_RECORDS,
  openAirScene,
  ZONE_MINUTES,
} from './air-scene.testkit.ts';
import { type GatewayProcess, until } from './gateway-process.testkit.ts';

const isHere = hasDbusDaemon();
const skips = !isHere && process.env.MAIBO_REQUIRE_ALL !== '1';
const folder = useFolder('air');
/** Real processes on a machine that may be busy with other tests. */
const TIMEOUT_MS = 120_000;
const KILLS = 5;

/** They go on talking. A meter has told all it had. */
const TALKERS: readonly AirName[] = ['strap', 'oximeter', 'thermometer', 'scale', 'wearable'];

describe.skipIf(skips)(`a gateway on the air${isHere ? '' : ' (no dbus-daemon here)'}`, { timeout: TIMEOUT_MS }, () => {
  let scene: AirScene;
  let gateway: GatewayProcess;
  beforeAll(async () => {
    scene = await openAirScene(folder);
    gateway = scene.start();
  }, TIMEOUT_MS);
  afterAll(async () => {
    gateway?.kill('SIGKILL');
    await gateway?.ended;
    await scene?.[Symbol.asyncDispose]();
  });

  const holds = (names: readonly AirName[]) => until(async () => names.every((name) => scene.items(name) > 0));
  /** More than now of each. */
  const goesOn = async (names: readonly AirName[]) => {
    const before = new Map(names.map((name) => [name, scene.items(name)]));
    await until(async () => names.every((name) => scene.items(name) > before.get(name)!));
    return names.filter((name) => scene.items(name) <= before.get(name)!);
  };
  const isHealthy = () => until(async () => (await gateway.get('/healthz')).status === 200);
  const fails = (code: string) =>
    until(async () => {
      const { status, body } = await gateway.get('/healthz');
      return status === 503 && body.includes(`"code":"${code}"`);
    });

  it('collects from all that are allowed, but for the one that is not bonded', async () => {
    const others = [...CLINIC_NAMES.filter((name) => name !== 'cuff'), 'wearable'] as const;
    expect(await holds(others), scene.logs()).toBe(true);
    expect(await until(async () => (await gateway.metric('maibo_devices{state="refused"}')) === 1)).toBe(true);
    expect(await gateway.metric('maibo_radio_state')).toBe(1);
    expect(await gateway.metric('maibo_records_total')).toBeGreaterThan(others.length);
    expect(await gateway.metric('maibo_failures_total{code="device-unknown"}')).toBe(1);
    expect(scene.items('cuff')).toBe(0);
    expect((await scene.maibo('scan', '--seconds', '2')).out).toContain(scene.stranger[0]);
    expect(await isHealthy()).toBe(true);
  });

  it('collects from that one too, started again after `maibo pair`', async () => {
    const { code, out, err } = await scene.maibo('pair', scene.addressOf('cuff'), '--data', `${folder}/data`);
    expect([code, out], err).toEqual([0, expect.stringContaining('kinds = ["blood-pressure"]')]);
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    gateway = scene.start();
    expect(await holds(['cuff']), scene.logs()).toBe(true);
    expect(await goesOn(TALKERS), scene.logs()).toEqual([]);
  });

  it('sets the clock of a device where it is told to, and lets a meter rest that has told all', async () => {
    const isSet = async () => Math.abs(scene.deviceTimeMs('thermometer') - ZONE_MINUTES * 60_000 - Date.now()) < 60_000;
    expect(await until(isSet)).toBe(true);
    expect(Math.abs(scene.deviceTimeMs('scale') - Date.now())).toBeLessThan(60_000);
    expect(scene.items('meter')).toBeGreaterThanOrEqual(METER_RECORDS);
    // Once for each start.
    expect(scene.connections('meter')).toBe(2);
  });

  it('goes on when its adapter was switched off', async () => {
    await scene.double.power('hci0', false);
    expect(await fails('radio-off')).toBe(true);
    expect(await gateway.metric('maibo_radio_state')).toBe(0);
    await scene.double.power('hci0', true);
    expect(await isHealthy()).toBe(true);
    expect(await goesOn([...TALKERS, 'cuff']), scene.logs()).toEqual([]);
  });

  it('goes on when the Bluetooth service was killed, again and again', async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      await scene.double.kill();
      expect(await fails('radio-absent')).toBe(true);
      expect((await gateway.get('/readyz')).status).toBe(200);
      await scene.double.restart();
      expect(await isHealthy()).toBe(true);
    }
    expect(await goesOn(TALKERS), scene.logs()).toEqual([]);
    // The bond has gone with the service.
    expect(await until(async () => (await gateway.metric('maibo_devices{state="refused"}')) === 1)).toBe(true);
  });

  it('goes on when the bus was killed', async () => {
    await scene.bus.kill();
    expect(await fails('radio-absent')).toBe(true);
    await scene.bus.restart();
    await scene.double.restart();
    expect(await isHealthy()).toBe(true);
    expect(await goesOn(TALKERS), scene.logs()).toEqual([]);
    expect(await gateway.metric('maibo_dbus_match_rules')).toBe(2);
  });

  it('has stored what holds, and nothing anywhere of somebody else', async () => {
    const { body } = await gateway.get('/metrics');
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    const { code, out } = await scene.maibo('verify', scene.store);
    expect(code, out).toBe(0);
    expect([scene.connections('stranger'), scene.devices().length]).toEqual([0, CLINIC_NAMES.length + 1]);
    const kept = readFileSync(scene.store, 'latin1');
    for (const text of scene.stranger)
      for (const where of [body, scene.logs(), kept]) expect(where).not.toContain(text);
    // Nor is the address of anybody else a matter for a log.
    expect(body + scene.logs()).not.toMatch(/([0-9a-f]{2}[:_-]){5}[0-9a-f]{2}/i);
  });
});
