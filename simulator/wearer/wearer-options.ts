// What can be asked of a wearer, the defaults, and the limits of what a body and a device can be.

export const DURATION_S_MAX = 7 * 86_400;
export const MISSING_COUNT = -32_768; // sample-format 1 in protocols/schema/common.cddl

export interface WearerOptions {
  readonly seed: number;
  /** Above 0, at most DURATION_S_MAX. */
  readonly durationS: number;
  /** 50 .. 4000. */
  readonly rateHz: number;
  /** 30 .. 200, default 70. */
  readonly meanHeartRateBpm?: number;
  /** Spread of the sinus intervals, default 45; at most a tenth of the mean interval. */
  readonly sdnnMs?: number;
  /** Power at 0.1 Hz over power at the breathing rate, default 1. */
  readonly lfHfRatio?: number;
  /** 0.15 .. 0.4, default 0.25. */
  readonly respirationHz?: number;
  /** Premature ventricular beats, default 20. */
  readonly ectopicsPerHour?: number;
  /** Standard deviation of the white noise, default 0.012. */
  readonly noiseMv?: number;
  /** Amplitude of the baseline wander, default 0.08. */
  readonly wanderMv?: number;
  /** Amplitude of the mains hum, default 0.008. */
  readonly mainsMv?: number;
  readonly mainsHz?: 50 | 60;
  /** One stretch without electrode contact: its samples are MISSING_COUNT. */
  readonly leadOff?: { readonly fromS: number; readonly toS: number };
  /** Counts per mV, default 1000. */
  readonly gain?: number;
  /** Count at 0 mV, default 0. */
  readonly offset?: number;
  /** Resolution of the converter, 8 .. 16, default 16; beyond its range the counts clip. */
  readonly bits?: number;
  /** Samples in a block, default 256. */
  readonly blockSampleCount?: number;
}

/** Options with nothing left open. */
export type Settings = Required<Omit<WearerOptions, 'leadOff'>> & {
  readonly leadOff: { fromSample: number; toSample: number };
};

/** Defaults filled in and every number checked; throws RangeError. */
export function settle(options: WearerOptions): Settings {
  const { leadOff, ...rest } = options;
  const settings = {
    meanHeartRateBpm: 70,
    sdnnMs: 45,
    lfHfRatio: 1,
    respirationHz: 0.25,
    ectopicsPerHour: 20,
    noiseMv: 0.012,
    wanderMv: 0.08,
    mainsMv: 0.008,
    mainsHz: 50 as const,
    gain: 1000,
    offset: 0,
    bits: 16,
    blockSampleCount: 256,
    ...rest,
    leadOff: {
      fromSample: Math.ceil((leadOff?.fromS ?? 0) * options.rateHz),
      toSample: Math.ceil((leadOff?.toS ?? 0) * options.rateHz),
    },
  };
  checkSettings(settings);
  return settings;
}

function checkSettings(settings: Settings): void {
  const check = (name: keyof Settings, min: number, max: number) => {
    const value = settings[name];
    if (typeof value !== 'number' || !(value >= min && value <= max)) {
      throw new RangeError(`${name} must be ${min}..${max}, got ${String(value)}`);
    }
  };
  if (!Number.isInteger(settings.seed)) throw new RangeError(`seed must be a whole number, got ${settings.seed}`);
  check('seed', 0, Number.MAX_SAFE_INTEGER);
  check('durationS', Number.MIN_VALUE, DURATION_S_MAX);
  check('rateHz', 50, 4000);
  check('meanHeartRateBpm', 30, 200);
  // A wider swing could stop the modulator from rising, and then a beat would have no time.
  check('sdnnMs', 0, 6000 / settings.meanHeartRateBpm);
  check('lfHfRatio', 0, 100);
  check('respirationHz', 0.15, 0.4);
  check('ectopicsPerHour', 0, 600);
  check('gain', 1, 100_000);
  check('bits', 8, 16);
  check('offset', -32_767, 32_767);
  check('blockSampleCount', 1, 2048); // 4096 bytes, the most a block record holds
}
