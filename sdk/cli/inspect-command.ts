// maibo inspect HEX: says what a frame, message, record, segment or receipt holds, or where it stops making sense.
import { describeBytes } from '@maibo/protocols';
import type { Command } from 'commander';
import { MaiboError } from '../errors.ts';

const HEX_DIGITS_MAX = 1 << 21;

export function addInspect(program: Command, finish: (code: number) => void): void {
  program
    .command('inspect')
    .description('take apart a frame, message, record, segment or receipt')
    .argument('<hex>', 'the bytes as hexadecimal digits; spaces and colons between them are fine')
    .action((hex: string) => {
      const { ok, lines } = describeBytes(bytesOf(hex));
      process.stdout.write(`${lines.join('\n')}\n`);
      finish(ok ? 0 : 1);
    });
}

function bytesOf(text: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, '').replace(/^0x/i, '');
  if (
    digits.length === 0 ||
    digits.length > HEX_DIGITS_MAX ||
    digits.length % 2 !== 0 ||
    !/^[0-9a-f]*$/i.test(digits)
  ) {
    throw new MaiboError('usage', 'these are no bytes', { hint: 'give pairs of hexadecimal digits, such as 04 0a ff' });
  }
  return new Uint8Array(Buffer.from(digits, 'hex'));
}
