// Numbers and times as text. No Intl: its tables differ between builds, and the same model must give the same bytes.

const MINUTE_S = 60;
const HOUR_S = 3600;
const DATE_MS_MAX = 8.64e15; // the largest time a Date can hold (ECMA-262, 21.4.1.1)

/** A fixed number of decimals with narrow no-break spaces between thousands; '-' when there is no number. */
export function formatNumber(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1e15) return value.toExponential(3);
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
}

export function formatPercent(share: number | null): string {
  return share === null || !Number.isFinite(share) ? '-' : `${formatNumber(share * 100, 1)} %`;
}

/** Seconds as a stopwatch shows them: 1:02:03, 4:05, 0:09. */
export function formatClock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / HOUR_S);
  const minutes = Math.floor(whole / MINUTE_S) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A length of time with its unit: seconds up to a minute, then the clock. */
export function formatLength(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  return seconds < MINUTE_S ? `${formatNumber(seconds, 1)} s` : formatClock(seconds);
}

export function formatUtc(utcUs: number): string {
  const ms = Math.floor(utcUs / 1000);
  if (!Number.isFinite(ms) || Math.abs(ms) > DATE_MS_MAX) return '-';
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

export function formatUncertainty(us: number): string {
  if (!Number.isFinite(us)) return '-';
  if (us < 1000) return `${formatNumber(us)} µs`;
  if (us < 1_000_000) return `${formatNumber(us / 1000, 1)} ms`;
  return us < 3_600_000_000 ? `${formatNumber(us / 1_000_000, 1)} s` : `${formatNumber(us / 3_600_000_000, 1)} h`;
}

export function formatSize(bytes: number): string {
  return bytes < 1024 ? `${formatNumber(bytes)} B` : `${formatNumber(bytes / 1024, 1)} KiB`;
}

/** The middle of the values that exist; null when none does. */
export function medianOf(values: readonly (number | null | undefined)[]): number | null {
  const sorted = values.filter((value): value is number => Number.isFinite(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const upper = sorted[sorted.length >> 1]!;
  return sorted.length % 2 === 1 ? upper : (sorted[(sorted.length >> 1) - 1]! + upper) / 2;
}
