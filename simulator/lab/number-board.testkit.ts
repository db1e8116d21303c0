// A USB board that somebody programmed in a minute: it prints what its converter counts, a line each, and knows nothing of Maibo.
import { type Clock, isMaiboError, type Link } from '@maibo/sdk';

/** Between two prints of what was counted meanwhile. */
const PRINT_EVERY_MS = 16;

export interface NumberBoardOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly rateHz: number;
  /** How much faster than real time. */
  readonly speed: number;
  /** What the boot loader says. */
  readonly chatter?: string;
  readonly signal: AbortSignal;
}

/** Until the counts end, somebody closes the port, or the signal aborts. */
export async function printNumbers(counts: readonly string[], options: NumberBoardOptions): Promise<void> {
  const { link, clock, rateHz, speed, chatter = '', signal } = options;
  const startMs = clock.nowMonotonicMs();
  const print = (text: string) => link.write(new TextEncoder().encode(text));
  try {
    await print(chatter);
    for (let at = 0; at < counts.length && !signal.aborted; ) {
      const due = Math.floor(((clock.nowMonotonicMs() - startMs) * rateHz * speed) / 1000);
      const lines = counts.slice(at, due);
      at = Math.max(at, due);
      if (lines.length > 0) await print(lines.map((line) => `${line}\r\n`).join(''));
      await clock.sleep(PRINT_EVERY_MS, signal);
    }
  } catch (failure) {
    if (!isMaiboError(failure, 'link-lost')) throw failure;
  }
}
