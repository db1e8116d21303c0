// The line that moves while the lab runs. On a terminal it rewrites itself; into a file or pipe it prints now and then.
import type { Progress, Result } from '@maibo/sdk';

const REDRAW_MS = 100;
const PRINT_MS = 1_000;
const BAR_CELLS = 24;

export class ProgressLine {
  readonly #out: NodeJS.WriteStream;
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  #shownMs = Number.NEGATIVE_INFINITY;
  #beatCount = 0;
  #firstResultMs: number | null = null;
  #newest: Result | null = null;
  #done = 0;
  #known = 0;

  constructor(out: NodeJS.WriteStream, nowMs: () => number) {
    this.#out = out;
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  update(progress: Progress): void {
    this.#done = progress.blocksDone;
    this.#known = Math.max(progress.blocksKnown, progress.blocksDone);
    for (const result of progress.results) this.#take(result);
    const waitMs = this.#out.isTTY ? REDRAW_MS : PRINT_MS;
    if (this.#nowMs() - this.#shownMs >= waitMs) this.#show();
  }

  finish(): void {
    if (this.#known > 0) this.#show();
    if (this.#out.isTTY && this.#known > 0) this.#out.write('\n');
  }

  #take(result: Result): void {
    if (this.#firstResultMs === null) {
      this.#firstResultMs = this.#nowMs() - this.#startedMs;
      this.#shownMs = Number.NEGATIVE_INFINITY;
    }
    const beats = result.values.beatS;
    if (Array.isArray(beats)) this.#beatCount += beats.length;
    if (result.result === 'hrv') this.#newest = result;
  }

  #show(): void {
    this.#shownMs = this.#nowMs();
    const share = this.#known === 0 ? 0 : this.#done / this.#known;
    const cells = Math.round(share * BAR_CELLS);
    const bar = `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}`;
    const line = `  ${bar} ${Math.round(share * 100)} %  ${this.#done} blocks  ${this.#beatCount} beats${this.#hrvText()}`;
    this.#out.write(this.#out.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
  }

  #hrvText(): string {
    const meanNnMs = this.#newest?.values.HRV_MeanNN;
    const rmssdMs = this.#newest?.values.HRV_RMSSD;
    const rate = typeof meanNnMs === 'number' ? `  ${Math.round(60_000 / meanNnMs)} bpm` : '';
    return typeof rmssdMs === 'number' ? `${rate}  RMSSD ${rmssdMs.toFixed(1)} ms` : rate;
  }
}
