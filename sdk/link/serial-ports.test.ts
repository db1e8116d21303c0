import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSerialLink } from './serial-link.ts';
import { findSerialPort, listSerialPorts } from './serial-ports.ts';

const root = mkdtempSync(join(tmpdir(), 'maibo-ports-'));
afterAll(() => rmSync(root, { recursive: true }));

const POLAR = 'usb-Acme_Strap_A5XK-if00-port0';
const CUFF = 'usb-Acme_Cuff_B7YL-if00-port0';

/** A folder as udev keeps it: names of by-id and by-path, and the port each leads to. */
function folderOf(name: string, ids: Record<string, string>, paths: Record<string, string> = {}): string {
  const folder = join(root, name);
  for (const [kind, names] of [
    ['by-id', ids],
    ['by-path', paths],
  ] as const) {
    mkdirSync(join(folder, kind), { recursive: true });
    for (const [link, port] of Object.entries(names)) {
      writeFileSync(join(folder, port), '');
      symlinkSync(join(folder, port), join(folder, kind, link));
    }
  }
  return folder;
}

const two = folderOf(
  'two',
  { [POLAR]: 'ttyUSB0', [CUFF]: 'ttyUSB1' },
  { 'pci-0-usb-0:1:1.0-port0': 'ttyUSB0', 'pci-0-usb-0:2:1.0-port0': 'ttyUSB1', 'pci-0-usb-0:3:1.0': 'ttyACM0' },
);

describe('the serial port that is meant', () => {
  it('is found by a part of its name, in any case, and named by what stays', async () => {
    expect(await findSerialPort('acme_strap', two)).toBe(join(two, 'by-id', POLAR));
  });

  it('is found by an expression, as often as asked', async () => {
    const expression = /CUFF.*B7/gi;
    for (let time = 0; time < 3; time++) expect(await findSerialPort(expression, two)).toBe(join(two, 'by-id', CUFF));
  });

  it('is found by its socket when it has no name of its own', async () => {
    expect(await findSerialPort('usb-0:3', two)).toBe(join(two, 'by-path', 'pci-0-usb-0:3:1.0'));
  });

  it('is the only one there is, for any name', async () => {
    const one = folderOf('one', { [POLAR]: 'ttyUSB0' }, { 'pci-0-usb-0:1:1.0-port0': 'ttyUSB0' });
    expect(await findSerialPort('', one)).toBe(join(one, 'by-id', POLAR));
  });

  it('is asked for again when several fit, and they are listed', async () => {
    const failure = await findSerialPort('acme', two).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'link-open', where: two, hint: expect.stringContaining(POLAR) });
    expect(failure).toMatchObject({ hint: expect.stringContaining(CUFF) });
  });

  it('is missing when none fits, and what is there is listed', async () => {
    const failure = await findSerialPort('Polar', two).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'input-missing', hint: expect.stringContaining(`${POLAR} (`) });
  });

  it('is missing where nothing is plugged in', async () => {
    const finding = findSerialPort('Polar', join(root, 'nothing'));
    await expect(finding).rejects.toMatchObject({ code: 'input-missing', hint: 'no serial device is plugged in' });
  });

  it('is not one that was unplugged and whose name is left', async () => {
    const stale = folderOf('stale', { [POLAR]: 'ttyUSB0', [CUFF]: 'ttyUSB1' });
    rmSync(join(stale, 'ttyUSB0'));
    await expect(findSerialPort('Strap', stale)).rejects.toMatchObject({ code: 'input-missing' });
  });

  it('is what openSerialLink opens by match', async () => {
    // A plain file: found, and no serial port.
    const opening = openSerialLink({ match: 'Cuff', folder: two });
    await expect(opening).rejects.toMatchObject({ code: 'link-open', where: join(two, 'by-id', CUFF) });
  });
});

describe('the list of serial ports', () => {
  it('has each port once, with its names', async () => {
    const ports = (await listSerialPorts(two)).filter(({ path }) => path.startsWith(two));
    expect(ports.map(({ byId, byPath }) => [byId, byPath])).toEqual([
      [null, 'pci-0-usb-0:3:1.0'],
      [POLAR, 'pci-0-usb-0:1:1.0-port0'],
      [CUFF, 'pci-0-usb-0:2:1.0-port0'],
    ]);
    expect(ports.map(({ stablePath }) => stablePath)).toEqual([
      join(two, 'by-path', 'pci-0-usb-0:3:1.0'),
      join(two, 'by-id', POLAR),
      join(two, 'by-id', CUFF),
    ]);
    expect(ports.map(({ vendorId }) => vendorId)).toEqual([null, null, null]);
  });

  it('is empty where there is no udev', async () => {
    const ports = await listSerialPorts(join(root, 'nothing'));
    expect(ports.filter(({ byId }) => byId !== null)).toEqual([]);
  });
});
