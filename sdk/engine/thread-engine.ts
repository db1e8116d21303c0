// The engine that is always there: V8 in a thread for each module. V8 has no fuel, so its limit is time alone.

import { VERBS } from '@maibo/cores';
import { FarEngine } from './far-engine.ts';
import type { EngineLimits } from './limits.ts';
import { ThreadLine } from './thread-line.ts';

export class ThreadEngine extends FarEngine {
  constructor(limits: Partial<EngineLimits> = {}) {
    super('v8', limits, ({ bytes }) => new ThreadLine(bytes, VERBS));
  }
}
