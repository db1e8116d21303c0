import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaptureWriter, encodeMessage, PacketLink } from '@maibo/protocols';
import { afterAll, describe, expect, it } from 'vitest';
import { expectRefusal, maibo } from './run-maibo.testkit.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Two ends open a link and the device says bye; the host writes it down. */
function captureText(): string {
  const lines: string[] = [];
  const capture = new CaptureWriter((line) => void lines.push(line), { side: 'host', bearer: 'ble' });
  const link = (first: number) =>
    new PacketLink({ packetBytesMax: 20, entropy: (count) => new Uint8Array(count).fill(first) });
  const host = link(1);
  const device = link(2);
  for (let nowMs = 0; nowMs < 1_000; nowMs += 10) {
    if (nowMs === 500) device.send(0, encodeMessage({ type: 'bye', code: 3 }));
    for (let packet = host.next(nowMs); packet !== null; packet = host.next(nowMs)) {
      capture.packet(nowMs * 1000, 'host', packet);
      device.receive(packet, nowMs);
    }
    for (let packet = device.next(nowMs); packet !== null; packet = device.next(nowMs)) {
      capture.packet(nowMs * 1000, 'device', packet);
      host.receive(packet, nowMs);
    }
  }
  return lines.join('');
}

describe('maibo inspect FILE', () => {
  const text = captureText();
  const path = file('link.capture.jsonl', text);

  it('prints a capture as a trace', async () => {
    const { code, out } = await maibo('inspect', path);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^capture taken by the host, over ble: \d+ entries\n {4}0\.000000 {2}host {4}RESET asks, nonce 01010101/,
    );
    expect(out).toMatch(
      /0\.500000 {2}device {2}DATA {2}seq 0, channel 0, whole, 4 bytes\n {22}message bye on channel 0/,
    );
    expect(out).toMatch(/host {4}ACK {3}next 1, credit 16/);
  });

  it('replays it', async () => {
    const { code, out } = await maibo('inspect', path, '--replay');
    expect(code).toBe(0);
    expect(out).toMatch(/^a fresh link of the host was given \d+ packets:\n.*open\n.*message bye on channel 0/);
    expect((await maibo('inspect', path, '--replay', '--as', 'device')).out).toMatch(/^a fresh link of the device/);
  });

  it('gives both as JSON', async () => {
    const { out } = await maibo('inspect', path, '--replay', '--json');
    const found = JSON.parse(out);
    expect(found.capture).toMatchObject({ side: 'host', bearer: 'ble', isCut: false, faults: [] });
    expect(found.trace[0]).toMatchObject({ tUs: 0, from: 'host' });
    expect(found.replay.events).toMatchObject([{ event: 'open' }, { event: 'message', channel: 0, size: 4 }]);
    expect(JSON.parse((await maibo('inspect', '82181a03', '--json')).out)).toMatchObject({ ok: true });
  });

  it('reads what a crash left, and ends with 1 for lines that are broken', async () => {
    const cut = await maibo('inspect', file('cut.jsonl', text.slice(0, -5)));
    expect(cut.code).toBe(0);
    expect(cut.out).toContain('the last line is cut short');
    const broken = await maibo('inspect', file('broken.jsonl', text.replace('"t":500000', '"t":"x"')));
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/line \d+ left out: a time/);
  });

  it('takes apart a file of bytes', async () => {
    const { code, out } = await maibo('inspect', file('bye.bin', encodeMessage({ type: 'bye', code: 3 })));
    expect(code).toBe(0);
    expect(out).toMatch(/^message, 4 bytes/);
  });

  it('ends with 2 for what it cannot take', async () => {
    expectRefusal(await maibo('inspect', join(folder, 'missing.jsonl')), 'no bytes, and no file');
    expectRefusal(await maibo('inspect', '82181a03', '--replay'), 'only a capture can be replayed');
    expectRefusal(await maibo('inspect', file('new.jsonl', '{"maibo-capture":9}\n')), 'version 9');
    expect((await maibo('inspect', path, '--as', 'nobody')).code).toBe(2);
  });
});
