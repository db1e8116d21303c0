// A glucose meter that tests play themselves: it keeps records and gives them when its control point asks.
import { gatt } from '@maibo/protocols';
import type { MadePeer, MadePeerOptions } from './made-peer.testkit.ts';

export interface MeterRecord {
  readonly sequence: number;
  readonly mgPerDl: number;
  readonly day: number;
  readonly meal?: gatt.GlucoseMeal;
}

export function meterRecords(count: number, first = 1, day = 1): MeterRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ sequence: first + index, mgPerDl: 80 + (index % 100), day },
    ...(index % 2 === 0 && { meal: 'fasting' as const }),
  }));
}

export class MadeMeter {
  records: readonly MeterRecord[];
  /** It goes out of reach behind this many records. */
  vanishAfter = Number.POSITIVE_INFINITY;
  /** It says nothing behind this many records. */
  muteAfter = Number.POSITIVE_INFINITY;
  /** Its answer to a request with a filter, or to any; null: what was asked for. */
  refusal: { readonly result: gatt.RacpResult; readonly onlyFiltered: boolean } | null = null;
  readonly requests: gatt.RecordAccess[] = [];

  constructor(records: readonly MeterRecord[]) {
    this.records = records;
  }

  options(base: MadePeerOptions): MadePeerOptions {
    return { ...base, onWrite: (characteristic, bytes, peer) => this.#answer(characteristic, bytes, peer) };
  }

  #answer(characteristic: number, bytes: Uint8Array, peer: MadePeer): void {
    const request = characteristic === 0x2a52 ? gatt.recordAccessControlPoint.decode(bytes) : null;
    if (!request?.ok) return;
    this.requests.push(request.value);
    const { opCode, operand } = request.value;
    if (opCode.name === 'abort') return;
    if (this.refusal !== null && (operand.kind === 'sequence' || !this.refusal.onlyFiltered)) {
      this.#respond(peer, this.refusal.result);
      return;
    }
    const from = operand.kind === 'sequence' ? (operand.atLeast ?? 0) : 0;
    const told = this.records.filter(({ sequence }) => sequence >= from);
    for (const [index, record] of told.entries()) {
      if (index === this.vanishAfter) peer.vanish();
      if (index === this.vanishAfter || index === this.muteAfter) return;
      tell(peer, record);
    }
    this.#respond(peer, told.length === 0 ? 'no-records-found' : 'success');
  }

  #respond(peer: MadePeer, result: gatt.RacpResult): void {
    const answer = gatt.racpResponse(gatt.racpOpCodes.named('report-records'), result);
    peer.notify(0x2a52, gatt.recordAccessControlPoint.encode(answer));
  }
}

function tell(peer: MadePeer, { sequence, mgPerDl, day, meal }: MeterRecord): void {
  const measurement = gatt.glucoseMeasurement.encode({
    ...{ sequence, baseTime: gatt.dateTimeOf(2026, 1, day, 8, sequence % 60, 0), unit: 'kg/L' },
    sample: {
      concentration: gatt.sfloatOf(mgPerDl, -5),
      type: gatt.glucoseSampleTypes.named('capillary-whole-blood'),
      location: gatt.glucoseSampleLocations.named('finger'),
    },
    hasContext: meal !== undefined,
  });
  peer.notify(0x2a18, measurement);
  if (meal === undefined) return;
  peer.notify(0x2a34, gatt.glucoseMeasurementContext.encode({ sequence, meal: gatt.glucoseMeals.named(meal) }));
}
