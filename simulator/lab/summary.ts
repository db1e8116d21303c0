// What the lab says at the end, from what the report shows.
import type { CollectionSummary, ReportModel } from '@maibo/sdk';

export function summaryLines({ streams }: ReportModel, summary: CollectionSummary): string[] {
  const stream = streams.at(-1);
  if (stream === undefined) return ['nothing was collected'];
  const beats = stream.rr.timeS.length;
  const usedRr = stream.rr.ms.filter((_, index) => stream.rr.flag[index] === 'ok');
  const newest = stream.hrvWindows.at(-1);
  const receipts = stream.segments.filter((segment) => segment.receipt !== null).length;
  const fresh = summary.blocksDone - summary.blocksBefore;
  return [
    fresh === 0
      ? `collected  nothing new: all ${summary.blocksDone} blocks were here`
      : `collected  ${fresh} blocks${summary.blocksBefore > 0 ? ` behind the ${summary.blocksBefore} that were here` : ''}`,
    `signal    ${clock(stream.durationS)}, ${beats} RR intervals, ${usedRr.length} used`,
    ...(newest === undefined
      ? []
      : [`HRV       last window ${clock(newest.fromS)}-${clock(newest.toS)}: ${hrvText(newest.values)}`]),
    `evidence  ${stream.provenance.recordCount} records, ${stream.segments.length} segments, ${receipts} receipts`,
  ];
}

function hrvText(values: Readonly<Record<string, number | null>>): string {
  const show = (name: string, label: string, unit: string) => {
    const value = values[name];
    return typeof value === 'number' ? `${label} ${value.toFixed(1)} ${unit}` : `${label} -`;
  };
  return [show('HRV_MeanNN', 'mean NN', 'ms'), show('HRV_SDNN', 'SDNN', 'ms'), show('HRV_RMSSD', 'RMSSD', 'ms')].join(
    ', ',
  );
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
