// Long tables stop at a named number of rows and say so, so that the file stays readable and small.
import { formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { fill, type Messages } from './messages.en.ts';

export const TABLE_ROWS_MAX = 300; // a day of five-minute windows is 288

export function limitRows(rows: readonly (() => Html)[], columnCount: number, messages: Messages): Html[] {
  const shown = rows.slice(0, TABLE_ROWS_MAX).map((render) => render());
  const left = rows.length - shown.length;
  if (left === 0) return shown;
  const note = fill(messages.moreRows, { count: formatNumber(left) });
  return [...shown, html`<tr><td class="quiet" colspan="${columnCount}">${note}</td></tr>`];
}
