import { describe, expect, it } from 'vitest';
import { createProcessLog } from './node-log.ts';

function heard(level: 'debug' | 'info' | 'warn' | 'error', name: string | null = null) {
  const lines: string[] = [];
  const log = createProcessLog(level, name, { write: (line) => void lines.push(line) });
  return { log, objects: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>), lines };
}

describe('log lines', () => {
  it('are JSON, one a line, with level, time and the name of the gateway, and nothing of the machine', () => {
    const { log, objects, lines } = heard('info', 'ward-3');
    log.warn({ code: 'link-lost', device: '497ac4da' }, 'visit\nfailed');
    const { time, ...rest } = objects()[0]!;
    expect(rest).toEqual({
      level: 'warn',
      gateway: 'ward-3',
      code: 'link-lost',
      device: '497ac4da',
      msg: 'visit\nfailed',
    });
    expect(new Date(String(time)).toISOString()).toBe(time);
    expect(lines[0]!.match(/\n/g)).toHaveLength(1);
  });

  it('below the level are not said', () => {
    const { log, objects } = heard('warn');
    log.debug({}, 'a');
    log.info({}, 'b');
    log.warn({}, 'c');
    log.error({}, 'd');
    expect(objects().map(({ msg }) => msg)).toEqual(['c', 'd']);
  });

  it('to standard output can be flushed at any time', () => {
    const log = createProcessLog('error', null);
    log.flush();
    log.flush();
  });
});
