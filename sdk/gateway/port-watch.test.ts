import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { SerialConfig } from './config-types.ts';
import { ManualClock } from './manual-clock.testkit.ts';
import { BY_ID_FOLDER, PortWatch } from './port-watch.ts';

const port = (place: Partial<SerialConfig>): SerialConfig => ({
  ...{ path: null, match: null, baudRate: 115_200, dtr: null, rts: null },
  ...place,
});

function watchFolders(folders: Record<string, string[]>) {
  const clock = new ManualClock();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const looks: string[] = [];
  const list = async (folder: string) => {
    looks.push(folder);
    const names = folders[folder];
    if (names === undefined) throw new Error('no such folder');
    return names;
  };
  return { clock, stop, looks, folders, watch: new PortWatch({ list }, clock, stop.signal) };
}

const never = new AbortController().signal;

describe('a port', () => {
  it('that is there is found at once, by path and by a piece of its name in any case', async () => {
    const { watch } = watchFolders({ '/dev': ['ttyACM0'], [BY_ID_FOLDER]: ['usb-Maibo_Chest_0001-if00'] });
    expect(await watch.there(port({ path: '/dev/ttyACM0' }), never)).toBe('/dev/ttyACM0');
    expect(await watch.there(port({ match: 'maibo_chest' }), never)).toBe(`${BY_ID_FOLDER}/usb-Maibo_Chest_0001-if00`);
  });

  it('is found within a second of being plugged in, and missed within a second of going', async () => {
    const { watch, clock, folders } = watchFolders({ '/dev': [] });
    const found = watch.there(port({ path: '/dev/ttyACM0' }), never);
    await clock.advance(10_000);
    folders['/dev'] = ['ttyACM0'];
    await clock.advance(1_000);
    expect(await found).toBe('/dev/ttyACM0');
    const gone = watch.gone(port({ path: '/dev/ttyACM0' }), never);
    await clock.advance(5_000);
    folders['/dev'] = [];
    await clock.advance(1_000);
    await gone;
  });

  it('of which there are two is refused: nobody knows which was meant', async () => {
    const { watch } = watchFolders({ [BY_ID_FOLDER]: ['usb-Maibo_1', 'usb-Maibo_2'] });
    await expect(watch.there(port({ match: 'maibo' }), never)).rejects.toMatchObject({
      code: 'link-open',
      hint: 'there is usb-Maibo_1, usb-Maibo_2: say more of the name',
    });
  });

  it('costs one look a second at its folder, however many wait there, and none when nobody does', async () => {
    const { watch, clock, looks, stop } = watchFolders({ '/dev': [] });
    const abort = new AbortController();
    const waiting = Array.from({ length: 1_000 }, (_, index) =>
      watch.there(port({ path: `/dev/ttyUSB${index}` }), index === 0 ? abort.signal : stop.signal),
    );
    await clock.advance(10_000);
    expect(looks.length).toBeLessThanOrEqual(11);
    abort.abort();
    expect(await waiting[0]).toBeNull();
    stop.abort();
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => null));
    const before = looks.length;
    await clock.advance(10_000);
    expect(looks.length).toBe(before);
  });
});
