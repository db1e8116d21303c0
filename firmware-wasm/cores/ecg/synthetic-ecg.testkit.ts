// An ECG whose R peaks are known: five Gaussian waves per beat (the idea of McSharry 2003, without its equations of motion), an
// interval that breathes, a wandering baseline and white noise.

export interface EcgWish {
  rateHz: number;
  seconds: number;
  bpm: number;
  /** Standard deviation of the noise, in heights of R. */
  noise: number;
  seed: number;
  /** Every so many seconds the heart pauses for four, while P waves go on; 0 for never. */
  pauseEveryS?: number;
}

const PAUSE_S = 4;
const P_WAVE = { offsetS: -0.16, height: 0.1, widthS: 0.022 };

/** Offset from R in seconds (T moves with the interval), height, standard deviation in seconds. */
const WAVES = [
  P_WAVE,
  { offsetS: -0.028, height: -0.1, widthS: 0.009 },
  { offsetS: 0, height: 1, widthS: 0.011 },
  { offsetS: 0.028, height: -0.15, widthS: 0.009 },
  { offsetS: 0.26, height: 0.25, widthS: 0.045 },
] as const;

/** Samples in heights of R, and the positions of the R peaks in samples. */
export function synthesizeEcg({ rateHz, seconds, bpm, noise, seed, pauseEveryS = 0 }: EcgWish): {
  samples: Float32Array;
  peaks: number[];
} {
  const random = mulberry32(seed);
  const samples = new Float32Array(Math.round(seconds * rateHz));
  const peaks: number[] = [];
  const meanRr = 60 / bpm;
  let pauseAtS = pauseEveryS || Number.POSITIVE_INFINITY;
  for (let peakS = 0.3 + 0.3 * random(); peakS < seconds - 0.3; ) {
    peaks.push(peakS * rateHz);
    const rr = meanRr * (1 + 0.04 * Math.sin(2 * Math.PI * 0.25 * peakS) + 0.01 * (random() - 0.5));
    for (const wave of WAVES) {
      const stretch = wave.offsetS > 0.1 ? Math.sqrt(Math.min(1, rr / 0.8)) : 1;
      addGaussian(samples, rateHz, peakS + wave.offsetS * stretch, wave.height, wave.widthS * stretch);
    }
    peakS += rr;
    if (peakS < pauseAtS) continue;
    for (let p = peakS; p < peakS + PAUSE_S; p += meanRr) addGaussian(samples, rateHz, p, P_WAVE.height, P_WAVE.widthS);
    peakS += PAUSE_S + meanRr;
    pauseAtS = peakS + pauseEveryS;
  }
  for (let i = 0; i < samples.length; i++) {
    samples[i]! += 0.1 * Math.sin((2 * Math.PI * 0.2 * i) / rateHz) + noise * gauss(random);
  }
  return { samples, peaks };
}

function addGaussian(samples: Float32Array, rateHz: number, atS: number, height: number, widthS: number): void {
  const first = Math.max(0, Math.floor((atS - 6 * widthS) * rateHz));
  const last = Math.min(samples.length - 1, Math.ceil((atS + 6 * widthS) * rateHz));
  for (let i = first; i <= last; i++) samples[i]! += height * Math.exp(-0.5 * ((i / rateHz - atS) / widthS) ** 2);
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
