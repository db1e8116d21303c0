// An engine for modules that nobody vouches for: each in a thread or a process of its own, with a time for every call, a time for all of them, a
// capped memory, and every answer checked. It stops at the first thing that no core does; the other modules go on.

import { createHash } from 'node:crypto';
import type { CoreModule } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import type { Engine, EngineKind, OwnLimits, StoppedCore } from './engine.ts';
import { FarModule, type OpenLine } from './far-module.ts';
import { ENGINE_LIMITS, type EngineLimits } from './limits.ts';
import { outlineModule } from './module-outline.ts';

export class FarEngine implements Engine {
  readonly kind: EngineKind;
  readonly #limits: EngineLimits;
  readonly #open: OpenLine;
  readonly #modules = new Map<string, FarModule>();

  constructor(kind: EngineKind, limits: Partial<EngineLimits>, open: OpenLine) {
    this.kind = kind;
    this.#limits = { ...ENGINE_LIMITS, ...limits };
    this.#open = open;
  }

  get stopped(): readonly StoppedCore[] {
    return [...this.#modules.values()].flatMap((module) => (module.stopped === null ? [] : [module.stopped]));
  }

  admit(name: string, version: string, bytes: Uint8Array, own: Partial<OwnLimits> = {}): CoreModule {
    const identity = { name: plain(name), version: plain(version), sha256: hashOf(bytes) };
    const far = this.#modules.get(identity.sha256) ?? this.#add(identity, bytes, own);
    return { name, version, sha256: identity.sha256, bytes: bytes.slice(), start: (elements) => far.open(elements) };
  }

  close(): void {
    for (const module of this.#modules.values()) module.close();
  }

  #add(
    identity: Pick<CoreModule, 'name' | 'version' | 'sha256'>,
    bytes: Uint8Array,
    own: Partial<OwnLimits>,
  ): FarModule {
    const refuse = (why: string) => new MaiboError('core-refused', `core ${identity.name} ${identity.version}: ${why}`);
    if (this.#modules.size >= this.#limits.modulesMax)
      throw refuse(`more than ${this.#limits.modulesMax} modules from elsewhere`);
    const { pagesMax, callMs } = this.#limits;
    const limits = {
      ...this.#limits,
      pagesMax: Math.min(pagesMax, own.pagesMax ?? pagesMax),
      callMs: Math.min(callMs, own.callMs ?? callMs),
    };
    const outline = outlineModule(bytes, limits);
    if (typeof outline === 'string') throw refuse(outline);
    const far = new FarModule(identity, outline, limits, this.#open);
    this.#modules.set(identity.sha256, far);
    return far;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Names come with the module: what a terminal shows of them is short, and only letters. */
function plain(text: string): string {
  return text.replace(/[^\w.+@-]/g, '?').slice(0, 32);
}
