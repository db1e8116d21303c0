// What the guest says on its serial console: a line per check, one line of numbers, and the sum at the end that `run` looks for.
import { systemClock } from '@maibo/sdk';
import { describeFailure } from '../../testing/link-ends.ts';
import { within } from '../timing.ts';

export class GuestReport {
  readonly #numbers: Record<string, unknown> = {};
  #passed = 0;
  #failed = 0;

  get isGood(): boolean {
    return this.#failed === 0 && this.#passed > 0;
  }

  /** Runs one check; it fails when it throws or is not done after `deadlineMs`. */
  async check(name: string, deadlineMs: number, run: () => Promise<void>): Promise<void> {
    const startMs = systemClock.nowMonotonicMs();
    try {
      await within(deadlineMs, run(), () => new Error(`not done after ${deadlineMs} ms`));
      this.#passed++;
      say(`ok ${this.#count} ${name} # ${Math.round(systemClock.nowMonotonicMs() - startMs)} ms`);
    } catch (failure) {
      this.#failed++;
      say(`not ok ${this.#count} ${name}: ${describeFailure(failure)}`);
      if (failure instanceof Error) say(String(failure.stack).replaceAll(/^/gm, '#   '));
    }
  }

  note(text: string): void {
    say(`# ${text}`);
  }

  number(name: string, value: unknown): void {
    this.#numbers[name] = value;
  }

  close(): void {
    say(`NUMBERS ${JSON.stringify(this.#numbers)}`);
    say(`PASSED ${this.#passed} FAILED ${this.#failed}`);
  }

  get #count(): number {
    return this.#passed + this.#failed;
  }
}

/** Milliseconds with one decimal. */
export function spreadOf(valuesMs: readonly number[]): { count: number; p50: number; p99: number; max: number } {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
