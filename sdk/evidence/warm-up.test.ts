import { describe, expect, it } from 'vitest';
import { RESTART_RECORDS_MIN, restartFault, WARM_UP_RECORDS_MAX } from './warm-up.ts';

describe('a restart record', () => {
  const before = { seq: 2_000, fromSeq: 1_500 };

  it('may stand behind another, and go back to where that one did or later', () => {
    expect(restartFault({ seq: 2_000 + RESTART_RECORDS_MIN, fromSeq: 1_500 }, before)).toBeNull();
    expect(restartFault({ seq: 9_000, fromSeq: 9_000 - WARM_UP_RECORDS_MAX + 1_000 }, before)).toBeNull();
  });

  const faults: Record<string, { seq: number; fromSeq: number }> = {
    'too near to the restart record': { seq: 2_000 + RESTART_RECORDS_MIN - 1, fromSeq: 1_600 },
    'behind the restart record': { seq: 3_000, fromSeq: 1_499 },
    'goes back over': { seq: 20_000, fromSeq: 20_000 - WARM_UP_RECORDS_MAX - 1 },
    'names record 0': { seq: 3_000, fromSeq: 0 },
    'names record 3000': { seq: 3_000, fromSeq: 3_000 },
    'names record 3001': { seq: 3_000, fromSeq: 3_001 },
  };
  for (const [what, restart] of Object.entries(faults)) {
    it(`is none of ours when it stands or goes where none does: ${what}`, () => {
      expect(restartFault(restart, before)).toContain(what);
    });
  }

  it('does not stand at the very beginning', () => {
    expect(restartFault({ seq: RESTART_RECORDS_MIN - 1, fromSeq: 1 }, null)).toContain('beginning');
    expect(restartFault({ seq: RESTART_RECORDS_MIN, fromSeq: 1 }, null)).toBeNull();
  });
});
