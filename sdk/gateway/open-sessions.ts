// The sessions that are open now, and what the closed ones had counted.
import type { DeviceSession } from '../device/device-session.ts';

export class OpenSessions {
  readonly #open = new Set<DeviceSession>();
  #badFramesBefore = 0;

  /** Call what it returns once, when the session is over. */
  add(session: DeviceSession): () => void {
    this.#open.add(session);
    return () => {
      if (this.#open.delete(session)) this.#badFramesBefore += session.stats.badFrames;
    };
  }

  get count(): number {
    return this.#open.size;
  }

  /** Frames that came damaged since the gateway started. */
  get badFrames(): number {
    let count = this.#badFramesBefore;
    for (const session of this.#open) count += session.stats.badFrames;
    return count;
  }
}
