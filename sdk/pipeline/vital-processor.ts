// The method of a stream of single measurements: every value of a clinic device is one result, from its own bytes and nothing else.
import type { ClockRecord, GattItem, StreamRecord } from '@maibo/protocols';
import { PIPELINE, type Result } from './result.ts';
import { TimeAxis } from './time-axis.ts';
import { readVital } from './vital-reading.ts';

export class VitalProcessor {
  readonly #stream: StreamRecord;
  readonly #axis: TimeAxis;

  constructor(stream: StreamRecord) {
    this.#stream = stream;
    this.#axis = new TimeAxis(stream.tickRateHz);
  }

  clock(record: ClockRecord): void {
    this.#axis.setClock(record);
  }

  /** None for a characteristic that is no measurement, and for bytes that are not what its service says: those are kept, and mean nothing. */
  value({ characteristic, ticks, value }: GattItem): Result[] {
    const reading = readVital(characteristic, value);
    if (reading === null) return [];
    this.#axis.anchor(0, ticks);
    return [
      {
        result: reading.result,
        source: this.#stream.source,
        // What the device's own clock says is a value; the time of the result is when the value reached the gateway.
        method: {
          pipeline: PIPELINE,
          cores: [],
          parameters: { characteristic: hex16(characteristic), time: 'arrival' },
        },
        time: this.#axis.span(0, 0),
        // No device tells how good its number is, and we make nothing up: the flags are what it says of itself.
        quality: { score: null, coverage: reading.coverage, flags: reading.flags },
        values: reading.values,
      },
    ];
  }
}

function hex16(number: number): string {
  return number.toString(16).padStart(4, '0');
}
