// What all visits of one gateway share.

import type { DeviceClaims } from './device-claims.ts';
import type { ForwardingLoop } from './forwarding-loop.ts';
import type { GatewayWorld } from './gateway-world.ts';
import type { Committer } from './group-committer.ts';
import type { HandshakeTurns } from './handshake-turns.ts';
import type { OpenSessions } from './open-sessions.ts';

export interface Collecting {
  readonly world: GatewayWorld;
  readonly committer: Committer;
  readonly claims: DeviceClaims;
  readonly sessions: OpenSessions;
  readonly handshakes: HandshakeTurns;
  /** Null: there is no platform. */
  readonly forwarding: ForwardingLoop | null;
}
