import { describe, expect, it } from 'vitest';
import { MaiboError } from '../errors.ts';
import { DeviceLog, failureFields, scrub } from './device-log.ts';
import { createHeardLog, ManualClock } from './manual-clock.testkit.ts';

describe('lines about a device', () => {
  it('have the address taken out of them, as people and as D-Bus write it', () => {
    expect(scrub('no answer from C0:FF:EE:00:00:01 (/org/bluez/hci0/dev_c0_ff_ee_00_00_01)')).toBe(
      'no answer from (address) (/org/bluez/hci0/dev_(address))',
    );
  });

  it('name a failure by its code, never by where it was', () => {
    const failure = new MaiboError('link-lost', 'C0-FF-EE-00-00-01 went away', { where: 'ble C0:FF:EE:00:00:01' });
    expect(failureFields(failure)).toEqual({ code: 'link-lost', why: '(address) went away' });
  });

  it('are a dozen a minute at most, and the next tells how many were dropped', async () => {
    const clock = new ManualClock();
    const log = createHeardLog();
    const lines = new DeviceLog(log, clock, { place: 'serial[0]' });
    for (let line = 0; line < 40; line++) lines.say('info', 'again');
    expect(log.lines.length).toBe(12);
    await clock.advance(60_000);
    lines.bind({ device: '497ac4da' });
    lines.say('warn', 'at last', { code: 'link-lost' });
    expect(log.lines.at(-1)).toEqual({
      level: 'warn',
      fields: { place: 'serial[0]', device: '497ac4da', linesDropped: 28, code: 'link-lost' },
      message: 'at last',
    });
    lines.unbind();
    lines.say('info', 'another device');
    expect(log.lines.at(-1)?.fields).toEqual({ place: 'serial[0]' });
  });
});
