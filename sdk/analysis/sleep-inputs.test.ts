// Nights on the wrist from files: what becomes of them on the way to the sleep core, and what is refused.
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeSharedData } from '../formats/shared-data.testkit.ts';
import { useTempFolder } from '../formats/temp-files.testkit.ts';
import { createChance, pick } from '../pipeline/made-signals.testkit.ts';
import { analyzeSleep } from './sleep.ts';
import { readSleepInputs, type SleepInputs } from './sleep-inputs.ts';
import { WRIST_START_S, writeWristFolder } from './wrist-folder.testkit.ts';

const folder = useTempFolder();
const RATE_HZ = 10;
const EPOCH_S = 30;

interface Night {
  readonly seconds: number;
  /** Seconds in which the device lies on a table. */
  readonly offS?: readonly [number, number];
  readonly startS?: number;
}

/** A wrist that turns every quarter of an hour and is never quite still, 10 times a second, and a heart at 60 a minute or so. */
function acceleration({ seconds, offS = [0, 0], startS = 0 }: Night): string[] {
  const chance = createChance(3);
  const noise = (size: number) => size * (pick(chance, 2001) / 1000 - 1);
  return Array.from({ length: seconds * RATE_HZ }, (_, index) => {
    const timeS = index / RATE_HZ;
    const isOff = timeS >= offS[0] && timeS < offS[1];
    const turn = isOff ? 0 : Math.floor(timeS / 900);
    const size = isOff ? 0.002 : timeS % 900 < 20 ? 0.5 : 0.03;
    const axes = [Math.sin(turn), 0, Math.cos(turn)].map((g) => (g + noise(size)).toFixed(4));
    return `${(startS + timeS).toFixed(1)},${axes.join(',')}`;
  });
}

function intervals({ seconds, startS = 0 }: Night): string[] {
  const lines: string[] = [];
  for (let timeS = 0; ; ) {
    const rrMs = Math.round(950 + 40 * Math.sin(1.5 * timeS) + 40 * Math.sin(timeS / 200));
    timeS += rrMs / 1000;
    if (timeS >= seconds) return lines;
    lines.push(`${(startS + timeS).toFixed(3)},${rrMs}`);
  }
}

/** Both in one file, an interval in a row of its own. */
function bothInOne(night: Night): string[] {
  const rows = [
    ...acceleration(night).map((row) => `${row},`),
    ...intervals(night).map((row) => row.replace(',', ',,,,')),
  ];
  return ['time,acc_x [g],acc_y [g],acc_z [g],rr', ...rows.sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b))];
}

function write(name: string, lines: readonly string[]): Promise<string> {
  return folder.write(name, `${lines.join('\n')}\n`);
}

function kindsOf({ inputs }: SleepInputs): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of inputs) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function expectOrdered({ inputs }: SleepInputs): void {
  expect(inputs.every(({ timeS }, index) => timeS >= (inputs[index - 1]?.timeS ?? 0))).toBe(true);
}

describe('a night of acceleration and RR intervals', () => {
  it('comes from one file: two counts an epoch, and the intervals', async () => {
    const read = await readSleepInputs(await write('night.csv', bothInOne({ seconds: 1800 })));
    expect(read).toMatchObject({ kind: 'motion-rr', startUtcMs: null });
    expect(kindsOf(read)).toEqual({ count: 120, interval: read.intervals.length });
    expect(read.intervals.length).toBe(intervals({ seconds: 1800 }).length);
    expect(read.motion!.map(({ timeS }) => timeS)).toEqual(Array.from({ length: 60 }, (_, i) => EPOCH_S * (i + 1)));
    expectOrdered(read);
    const { sleep, input } = await analyzeSleep(folder.path('night.csv'));
    expect(input.kind).toBe('motion-rr');
    expect(sleep.used).toEqual(Array(60).fill('activity+heart-spread+intervals'));
  });

  it('begins where its clock says, and what came before the acceleration is left out', async () => {
    const startS = 1_760_000_000;
    const lines = bothInOne({ seconds: 300, startS });
    const early = [lines[0]!, `${startS - 2},,,,800`, `${startS - 1},,,,810`, ...lines.slice(1)];
    const read = await readSleepInputs(await write('unix.csv', early));
    expect(read.startUtcMs).toBe(startS * 1000);
    expect(read.intervals[0]!.endS).toBeGreaterThan(0.8);
    expect(read.inputs[0]).toMatchObject({ timeS: 0, kind: 'count' });
  });

  it('comes from a folder of two files, on one clock or with intervals that begin with the acceleration', async () => {
    const night = { seconds: 300, startS: 1_760_000_000 };
    const write2 = (name: string, rr: readonly string[]) => {
      mkdirSync(folder.path(name));
      writeFileSync(`${folder.path(name)}/wrist_acc.csv`, ['time,x,y,z', ...acceleration(night)].join('\n'));
      writeFileSync(`${folder.path(name)}/strap_rr.csv`, rr.join('\n'));
      return folder.path(name);
    };
    const timed = await readSleepInputs(write2('timed', ['time,rr', ...intervals(night)]));
    expect(timed.kind).toBe('motion-rr');
    const bare = await readSleepInputs(
      write2(
        'bare',
        intervals(night).map((row) => row.split(',')[1]!),
      ),
    );
    expect(kindsOf(bare)).toEqual(kindsOf(timed));
    for (const [index, { endS }] of bare.intervals.entries()) expect(endS).toBeCloseTo(timed.intervals[index]!.endS, 2);
    const apart = readSleepInputs(write2('apart', ['time,rr', ...intervals({ seconds: 300 })]));
    await expect(apart).rejects.toMatchObject({ code: 'input-range', where: 'strap_rr.csv' });
  });

  it('comes from a folder with the raw files of an Apple Watch: no names, a heart rate now and then, one night of several', async () => {
    mkdirSync(folder.path('watch'));
    for (const id of ['46343', '759667']) {
      const motion = acceleration({ seconds: 600, startS: -200 }).map((row) => row.replaceAll(',', ' '));
      const rate = Array.from({ length: 100 }, (_, i) => `${(6.01 * i - 200.5).toFixed(5)},${60 + (i % 7)}`);
      writeFileSync(`${folder.path('watch')}/${id}_acceleration.txt`, motion.join('\n'));
      writeFileSync(`${folder.path('watch')}/${id}_heartrate.txt`, rate.join('\n'));
    }
    await expect(readSleepInputs(folder.path('watch'))).rejects.toMatchObject({ code: 'usage', where: 'watch' });
    const read = await readSleepInputs(folder.path('watch'), '46343');
    expect(read).toMatchObject({ kind: 'motion', intervals: [] });
    expect(kindsOf(read)).toEqual({ count: 40, 'heart-rate': 99 });
    expect(read.inputs.find(({ kind }) => kind === 'heart-rate')!.timeS).toBeCloseTo(5.51, 4);
    expectOrdered(read);
    const { sleep } = await analyzeSleep(folder.path('watch'), { id: '46343' });
    expect(sleep.used).toEqual(Array(20).fill('activity+heart-spread'));
  });

  it('without intervals is scored by its movement, without movement by its intervals', async () => {
    const motion = await write('motion.csv', ['time,x,y,z', ...acceleration({ seconds: 600 })]);
    expect(await readSleepInputs(motion)).toMatchObject({ kind: 'motion', intervals: [] });
    expect((await analyzeSleep(motion)).sleep.used).toEqual(Array(20).fill('activity'));
    const rr = await write('heart.csv', ['time,rr', ...intervals({ seconds: 600 })]);
    expect(await readSleepInputs(rr)).toMatchObject({ kind: 'rr', motion: null });
    expect((await analyzeSleep(rr)).sleep.used).toContain('intervals');
  });

  it('of three epochs is three epochs', async () => {
    const { sleep } = await analyzeSleep(await write('short.csv', bothInOne({ seconds: 90 })));
    expect(sleep.stage).toHaveLength(3);
    expect(sleep.summary).toBeNull();
  });
});

describe('hours off the wrist', () => {
  it('are no stage, however the intervals go on', async () => {
    const night = { seconds: 3 * 3600, offS: [2400, 8400] as const };
    const path = await write('off.csv', bothInOne(night));
    const read = await readSleepInputs(path);
    const within = (timeS: number) => timeS >= 2430 && timeS < 8370;
    expect(read.inputs.some(({ timeS }) => within(timeS))).toBe(false);
    expect(read.intervals.some(({ endS }) => within(endS))).toBe(false);
    expect(read.motion).toHaveLength(360);
    const { sleep } = await analyzeSleep(path);
    // Epochs beside the hours may be judged by their neighbours.
    expect(sleep.stage.slice(90, 270)).toEqual(Array(180).fill(null));
    expect(sleep.stage.slice(0, 75)).not.toContain(null);
    expect(sleep.stage.slice(285)).not.toContain(null);
  }, 30_000);
});

describe('a clock that is changed in the night', () => {
  const whole = bothInOne({ seconds: 1200 });
  const half = whole.findIndex((row) => Number.parseFloat(row) >= 600);
  const moved = (byS: number) => [
    ...whole.slice(0, half),
    ...whole.slice(half).map((row) => row.replace(/^[\d.]+/, (time) => (Number(time) + byS).toFixed(3))),
  ];

  it('forth is an hour that is missing', async () => {
    const path = await write('forth.csv', moved(3600));
    const read = await readSleepInputs(path);
    expect(read.inputs.some(({ timeS }) => timeS > 600 && timeS < 4200)).toBe(false);
    const { sleep } = await analyzeSleep(path);
    expect(sleep.stage).toHaveLength(160);
    expect(sleep.stage.slice(30, 130)).toEqual(Array(100).fill(null));
  });

  it('back is refused at its line', async () => {
    const path = await write('back.csv', moved(-300));
    await expect(readSleepInputs(path)).rejects.toMatchObject({
      code: 'input-format',
      where: `back.csv, line ${half + 1}`,
    });
  });
});

describe('what is refused', () => {
  it('intervals whose times go back, of either layout', async () => {
    const timed = await write('timed.csv', [
      'time,rr',
      '0.8,800',
      '1.6,800',
      '2.4,800',
      '3.2,800',
      '2.0,800',
      '2.8,800',
    ]);
    await expect(readSleepInputs(timed)).rejects.toMatchObject({ code: 'input-range', where: 'timed.csv' });
    const line = (start: string, end: string) => `${start}\tN\t0.800\tN\t${end}`;
    const listing = await write('back.rr', [line('0:08.0', '0:08.8'), line('0:01.0', '0:01.8')]);
    await expect(readSleepInputs(listing)).rejects.toThrow(/interval 2 ends at 1.8 s/);
  });

  it('rates that the motion core does not take', async () => {
    const fast = Array.from({ length: 2000 }, (_, index) => `${(index / 200).toFixed(3)},0,0,1`);
    await expect(readSleepInputs(await write('fast.csv', ['time,x,y,z', ...fast]))).rejects.toMatchObject({
      code: 'input-range',
      where: 'fast.csv',
    });
  });

  it('more than two days', async () => {
    const path = await write('long.csv', ['time,rr', '1,1000', '2,1000', '3,1000', '4,1000', '176400,1000']);
    await expect(analyzeSleep(path)).rejects.toThrow(/49.0 h/);
  });

  it('folders and files without a night', async () => {
    mkdirSync(folder.path('empty'));
    await expect(readSleepInputs(folder.path('empty'))).rejects.toMatchObject({ code: 'usage', where: 'empty' });
    await expect(readSleepInputs(folder.path('nowhere.csv'))).rejects.toMatchObject({ code: 'input-missing' });
    mkdirSync(folder.path('odd'));
    writeFileSync(`${folder.path('odd')}/acc.csv`, 'time,norm\n0,1\n0.1,1\n');
    await expect(readSleepInputs(folder.path('odd'))).rejects.toMatchObject({ code: 'input-format', where: 'acc.csv' });
  });
});

describe('a night of an Empatica E4', () => {
  const seconds = 300;
  const own = (name: string, lines: readonly unknown[]) =>
    writeFileSync(`${folder.path('e4')}/${name}`, `${lines.join('\n')}\n`);

  it('is acceleration, and the intervals of the light', async () => {
    const path = writeWristFolder(folder.path('light'), { seconds, rateBpm: () => 60, motionLateS: 10 });
    const read = await readSleepInputs(path);
    expect(read).toMatchObject({ kind: 'e4', startUtcMs: (WRIST_START_S + 10) * 1000 });
    expect(read.motion).toHaveLength(10);
    const { count, interval } = kindsOf(read);
    expect(count).toBe(20);
    expect(interval).toBeGreaterThan(200);
    expect(Math.max(...read.intervals.map(({ endS }) => endS))).toBeLessThan(seconds - 10);
    expectOrdered(read);
  });

  it('and not its heart rate, which runs late, where the intervals hold most of the time', async () => {
    const path = writeWristFolder(folder.path('all'), { seconds, rateBpm: () => 60 });
    writeFileSync(`${path}/HR.csv`, `${[WRIST_START_S, 1, ...Array(seconds).fill('61.5')].join('\n')}\n`);
    expect(Object.keys(kindsOf(await readSleepInputs(path)))).toEqual(['count', 'interval']);
    expect((await analyzeSleep(path)).sleep.used.slice(0, 5)).toContain('activity+heart-spread+intervals');
  });

  it('or its own intervals and heart rate, where there is no light', async () => {
    writeWristFolder(folder.path('e4'), { seconds, rateBpm: () => 60, without: ['BVP.csv', 'EDA.csv', 'TEMP.csv'] });
    own('IBI.csv', [`${WRIST_START_S}, IBI`, '5.0,1.0', '6.0,1.0', '20.0,0.9']);
    own('HR.csv', [WRIST_START_S + 10, 1, ...Array(seconds - 10).fill('61.5')]);
    const read = await readSleepInputs(folder.path('e4'));
    expect(kindsOf(read)).toEqual({ count: 20, 'heart-rate': 290, interval: 3 });
    expect(read.inputs.find(({ kind }) => kind === 'heart-rate')).toEqual({
      timeS: 10,
      value: 61.5,
      kind: 'heart-rate',
    });
    expect((await analyzeSleep(folder.path('e4'))).sleep.used).toEqual(Array(10).fill('activity+heart-spread'));
  });

  it('or movement alone; one file of it is a night too', async () => {
    writeWristFolder(folder.path('bare'), { seconds, rateBpm: () => 60, without: ['BVP.csv', 'EDA.csv', 'TEMP.csv'] });
    expect(kindsOf(await readSleepInputs(folder.path('bare')))).toEqual({ count: 20 });
    expect(kindsOf(await readSleepInputs(`${folder.path('bare')}/ACC.csv`))).toEqual({ count: 20 });
  });
});

describeSharedData('real recordings', 'stress_predict', (real) => {
  it('of an E4 are read', async () => {
    const read = await readSleepInputs(`${real}/Raw_data/S01`);
    expect(read.kind).toBe('e4');
    expect(kindsOf(read)).toMatchObject({ count: 217, 'heart-rate': 3250 });
    expectOrdered(read);
  }, 30_000);
});

describeSharedData('raw acceleration of an Apple Watch', 'walch_misc', (real) => {
  it('is read', async () => {
    const read = await readSleepInputs(`${real}/46343_acceleration.txt.gz`);
    expect(read).toMatchObject({ kind: 'motion', intervals: [] });
    expect(kindsOf(read)).toEqual({ count: 27 });
  });
});
