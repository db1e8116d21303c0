// Scanning, for as long as somebody wants it and nobody needs the radio to himself: connecting while scanning is what radios get stuck on.
// One adapter, one run of bluetoothd. What is wanted is compared with what is so, again and again; no step relies on the one before.
import { Variant } from '@jellybrick/dbus-next';
import type { Clock } from '../../world/world.ts';
import { isInProgress, radioError } from './bluez-error.ts';
import { ADAPTER } from './bluez-names.ts';
import type { BluezService } from './bluez-service.ts';

/** After a scan that would not start, or that somebody else ended. */
const AGAIN_MS = 1_000;
const FAILURES_MAX = 5;

export class BluezDiscovery {
  readonly #service: BluezService;
  readonly #adapterPath: string;
  readonly #clock: Clock;
  /** Told when scanning cannot be had. */
  readonly #seekers = new Set<(failure: unknown) => void>();
  #pauses = 0;
  #isOn = false;
  #isChecking = false;
  #failures = 0;
  #settling: Promise<void> | null = null;

  constructor(service: BluezService, adapterPath: string, clock: Clock) {
    this.#service = service;
    this.#adapterPath = adapterPath;
    this.#clock = clock;
  }

  /** Scans until the returned function is called. */
  seek(onFailure: (failure: unknown) => void): () => void {
    const seeker = (failure: unknown) => onFailure(failure);
    this.#seekers.add(seeker);
    void this.#settle();
    return () => {
      if (this.#seekers.delete(seeker)) void this.#settle();
    };
  }

  /** Resolves when we do not scan any more; the returned function lets it go on. Others' scans are theirs. */
  async pause(): Promise<() => void> {
    this.#pauses += 1;
    await this.#settle();
    let isPaused = true;
    return () => {
      if (isPaused) this.#pauses -= 1;
      isPaused = false;
      void this.#settle();
    };
  }

  /** A scan of ours may be ended behind our back: looks whether it is on, a little later, for the news may be old. */
  checkSoon(): void {
    if (this.#isChecking) return;
    this.#isChecking = true;
    void this.#clock.sleep(AGAIN_MS, this.#service.ended).then(() => {
      this.#isChecking = false;
      if (!this.#isOn || this.#service.mirror.get(this.#adapterPath, ADAPTER)?.Discovering === true) return;
      if (this.#settling === null) this.#isOn = false;
      void this.#settle();
    });
  }

  /** Whoever seeks is told why. */
  fail(failure: unknown): void {
    const seekers = [...this.#seekers];
    this.#seekers.clear();
    this.#isOn = false;
    for (const seeker of seekers) seeker(failure);
  }

  get #isWanted(): boolean {
    return this.#seekers.size > 0 && this.#pauses === 0 && !this.#service.ended.aborted;
  }

  async #settle(): Promise<void> {
    this.#settling ??= this.#settleNow().finally(() => {
      this.#settling = null;
    });
    await this.#settling;
    if (this.#isWanted !== this.#isOn && !this.#service.ended.aborted) await this.#settle();
  }

  async #settleNow(): Promise<void> {
    while (this.#isWanted !== this.#isOn && !this.#service.ended.aborted) {
      if (this.#isOn) await this.#stop();
      else await this.#start();
    }
  }

  async #start(): Promise<void> {
    const filter = { Transport: new Variant('s', 'le'), DuplicateData: new Variant('b', false) };
    try {
      await this.#call('SetDiscoveryFilter', 'a{sv}', [filter]);
      await this.#call('StartDiscovery');
      this.#failures = 0;
    } catch (failure) {
      if (!isInProgress(failure)) {
        await this.#failed(failure);
        return;
      }
    }
    this.#isOn = true;
    this.checkSoon();
  }

  async #failed(failure: unknown): Promise<void> {
    this.#failures += 1;
    if (this.#failures < FAILURES_MAX) {
      await this.#clock.sleep(AGAIN_MS, this.#service.ended);
      return;
    }
    this.#failures = 0;
    this.fail(radioError(failure, 'radio-refused', 'scanning was refused', this.#adapterPath));
  }

  /** A refusal means that nothing was on; a daemon that does not answer is dealt with by whoever calls it next. */
  async #stop(): Promise<void> {
    await this.#call('StopDiscovery').catch(() => undefined);
    this.#isOn = false;
  }

  #call(member: string, signature = '', body: unknown[] = []): Promise<unknown[]> {
    return this.#service.call({ path: this.#adapterPath, interface: ADAPTER, member, signature, body });
  }
}
