// What a process costs, as Linux counts it.
import { readFileSync } from 'node:fs';

export interface ProcessCost {
  /** User and system together, seconds. */
  readonly cpuS: number;
  readonly rssBytes: number;
}

/** Of every Linux that Node runs on. */
const CLOCK_TICKS_PER_S = 100;
const PAGE_BYTES = 4_096;

/** Null where there is no /proc, or no such process. */
export function costOf(pid: number): ProcessCost | null {
  try {
    // The name of the program is in brackets and may hold anything: fields are counted from behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const residentPages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return {
      cpuS: (Number(stat[11]) + Number(stat[12])) / CLOCK_TICKS_PER_S,
      rssBytes: residentPages * PAGE_BYTES,
    };
  } catch {
    return null;
  }
}
