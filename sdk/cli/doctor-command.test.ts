import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { FINDING_NAMES } from '../doctor/finding.ts';
import { DATA, type Made, madeMachine } from '../doctor/made-machine.testkit.ts';
import { addDoctor } from './doctor-command.ts';
import { doctorMessagesEn } from './doctor-messages.en.ts';
import { doctorMessagesZh } from './doctor-messages.zh.ts';
import { maibo } from './run-maibo.testkit.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function doctor(made: Made, ...argv: string[]): Promise<{ code: number; out: string }> {
  let [code, out] = [0, ''];
  const program = new Command('maibo');
  const finish = (exitCode: number) => {
    code = exitCode;
  };
  addDoctor(program, finish, madeMachine(made));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  await program.parseAsync(['doctor', ...argv], { from: 'user' });
  vi.restoreAllMocks();
  return { code, out };
}

describe('maibo doctor', () => {
  it('says what is wrong in a sentence, and the command that mends it', async () => {
    const { code, out } = await doctor({ bluez: { answer: 'absent' } }, '--data', DATA);
    expect(code).toBe(1);
    expect(out).toContain('BlueZ is installed and does not run.\n');
    expect(out).toContain('mend it: sudo systemctl enable --now bluetooth\n');
    expect(out).toMatch(/1 of \d+ findings are bad\.\n$/);
  });

  it('says it in Chinese', async () => {
    const { code, out } = await doctor({ programs: { timedatectl: 'no\n' } }, '--language', 'zh');
    expect(code).toBe(0);
    expect(out).toContain('时钟没有校准：记录的时间会漂移。\n');
    expect(out).toContain('修复： sudo timedatectl set-ntp true\n');
    expect(out).toContain('没有故障（1 项警告）。');
  });

  it('says it as JSON', async () => {
    const { code, out } = await doctor({ bluez: { answer: 'denied' } }, '--json');
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: { name: string; message: string }[] };
    expect([code, ok]).toEqual([1, false]);
    expect(findings).toContainEqual(expect.objectContaining({ name: 'bluez-denied', state: 'bad' }));
    expect(findings.every(({ message }) => message.length > 0 && !message.includes('{'))).toBe(true);
  });

  it('has the same places to fill in each language', () => {
    const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    expect(Object.keys(doctorMessagesZh).sort()).toEqual(Object.keys(doctorMessagesEn).sort());
    for (const name of FINDING_NAMES) expect(places(doctorMessagesZh[name])).toEqual(places(doctorMessagesEn[name]));
  });

  it('looks at this machine, whatever it is', async () => {
    const { code, out } = await maibo('doctor', '--data', folder, '--json');
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: { name: string; state: string }[] };
    expect(code).toBe(ok ? 0 : 1);
    expect(findings).toContainEqual(expect.objectContaining({ name: 'node-ok', state: 'ok' }));
    expect(findings).toContainEqual(expect.objectContaining({ name: 'folder-ok', state: 'ok' }));
    expect(findings).toContainEqual(expect.objectContaining({ name: expect.stringMatching(/^disk-(ok|slow)$/) }));
    expect(findings).toContainEqual(expect.objectContaining({ name: 'store-none' }));
  });
});
