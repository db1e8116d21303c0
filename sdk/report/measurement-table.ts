// What a clinic device measured, one line each: the numbers that matter with their units, and what the device says of them.
import { formatNumber, formatUtc } from './format.ts';
import { type Html, html } from './html.ts';
import { fill, type MessageKey, type Messages } from './messages.en.ts';
import type { Measurement, ReportStream } from './report-model.ts';

interface Quantity {
  /** In the record. */
  readonly name: string;
  /** Null where the measurement is only this. */
  readonly label: MessageKey | null;
  readonly unit: string;
  readonly decimals: number;
}

interface Kind {
  readonly title: MessageKey;
  readonly quantities: readonly Quantity[];
}

const PULSE: Quantity = { name: 'pulseRatePerMin', label: 'quantityPulse', unit: '', decimals: 0 };

const KINDS: Readonly<Record<string, Kind>> = {
  'blood-pressure': {
    title: 'resultBloodPressure',
    quantities: [
      { name: 'systolicMmHg', label: 'quantitySystolic', unit: 'mmHg', decimals: 0 },
      { name: 'diastolicMmHg', label: 'quantityDiastolic', unit: 'mmHg', decimals: 0 },
      { name: 'meanMmHg', label: 'quantityMean', unit: 'mmHg', decimals: 0 },
      PULSE,
    ],
  },
  'oxygen-saturation': {
    title: 'resultSaturation',
    quantities: [{ name: 'spo2Percent', label: 'quantitySaturation', unit: '%', decimals: 0 }, PULSE],
  },
  glucose: {
    title: 'resultGlucose',
    quantities: [
      { name: 'glucoseMgPerDl', label: null, unit: 'mg/dL', decimals: 0 },
      { name: 'glucoseMmolPerL', label: null, unit: 'mmol/L', decimals: 1 },
    ],
  },
  temperature: {
    title: 'resultTemperature',
    quantities: [{ name: 'temperatureC', label: null, unit: '°C', decimals: 1 }],
  },
  weight: { title: 'resultWeight', quantities: [{ name: 'weightKg', label: null, unit: 'kg', decimals: 2 }] },
  'body-composition': {
    title: 'resultBodyComposition',
    quantities: [{ name: 'fatPercent', label: 'quantityFat', unit: '%', decimals: 1 }],
  },
};
const GLUCOSE_CONTEXT: Kind = { title: 'resultGlucoseContext', quantities: [] };

export function renderMeasurements({ newest, count }: ReportStream['measurements'], messages: Messages): Html {
  if (count === 0) return html`<p class="quiet">${messages.measurementsNone}</p>`;
  const heading = (text: string) => html`<th scope="col">${text}</th>`;
  const left = count - newest.length;
  const note = fill(messages.moreRows, { count: formatNumber(left) });
  return html`<div class="scroll"><table><caption>${messages.measurementsCaption}</caption><thead><tr>${[
    messages.columnTime,
    messages.columnMeasurement,
    messages.columnValue,
    messages.columnFlags,
    messages.columnDeviceClock,
  ].map(heading)}</tr></thead><tbody>${newest.map((one) => renderRow(one, messages))}${
    left === 0 ? html`` : html`<tr><td class="quiet" colspan="5">${note}</td></tr>`
  }</tbody></table></div>`;
}

function renderRow(measurement: Measurement, messages: Messages): Html {
  const { result, utcUs, deviceTime, flags } = measurement;
  const isContext = result === 'glucose' && flags.includes('context');
  const kind = isContext ? GLUCOSE_CONTEXT : KINDS[result];
  const values = (kind?.quantities ?? []).filter(({ name }) => name in measurement.values);
  const shown = values.map((quantity) => valueText(quantity, measurement.values[quantity.name] ?? null, messages));
  return html`<tr><td class="nowrap">${utcUs === null ? messages.none : formatUtc(utcUs)}</td><td>${
    kind === undefined ? result : messages[kind.title]
  }</td><td>${shown.join(' · ') || messages.none}</td><td class="meaning">${flags.join(', ') || messages.none}</td><td class="nowrap">${
    deviceTime?.replace('T', ' ') ?? messages.none
  }</td></tr>`;
}

function valueText({ name, label, unit, decimals }: Quantity, value: number | null, messages: Messages): string {
  const number = value === null ? messages.none : formatNumber(value, decimals);
  const words = [label === null ? '' : messages[label], number, name === PULSE.name ? messages.unitPerMin : unit];
  return words.filter((word) => word !== '').join(' ');
}
