// What a spectrum can be asked for. The numbers are those of the hrv core's layout.

/** As the Task Force's, in NeuroKit2's bands and shares: a quadratic spline loses 2 % of a fast wave, a cubic one half of that. */
export const PROFILE_MAIBO: i32 = 0;
/** NeuroKit2 0.2.13 `hrv_frequency(normalize=False)`. */
export const PROFILE_NEUROKIT: i32 = 1;
/** 4 Hz, smoothness priors, Welch over 300 s. */
export const PROFILE_KUBIOS: i32 = 2;
/** Task Force of the ESC and NASPE 1996: 4 Hz, straight line removed, one Hann window over the whole series. */
export const PROFILE_TASKFORCE: i32 = 3;
/** NeuroKit2's default: the density divided by its highest value. */
export const PROFILE_NEUROKIT_NORMALISED: i32 = 4;

export const METHOD_PROFILE: i32 = 0;
export const METHOD_WELCH: i32 = 1;
export const METHOD_AR: i32 = 2;
export const METHOD_LOMB: i32 = 3;

/** Fewer intervals than this make no spectrum, except where NeuroKit2 is followed to the last. */
export const INTERVAL_COUNT_MIN: i32 = 10;

/** Is it one of the profiles that follow NeuroKit2 to the last? */
export function followsNeuroKit(profile: i32): bool {
  return profile === PROFILE_NEUROKIT || profile === PROFILE_NEUROKIT_NORMALISED;
}

/** Has it NeuroKit2's bands, and LFn and HFn as shares of the total power? */
export function countsAllPower(profile: i32): bool {
  return profile !== PROFILE_KUBIOS && profile !== PROFILE_TASKFORCE;
}
