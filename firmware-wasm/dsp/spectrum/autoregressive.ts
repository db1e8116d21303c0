// The spectrum of an autoregressive model of order 16 (the order Kubios uses), fitted by Burg's method (1975; Marple 1987, Digital
// Spectral Analysis, chapter 8): stable whatever the samples, and small. Kubios fits by forward and backward least squares, which places
// the peaks of a pure wave better. A peak narrower than the bins it is read at (a pure wave over hours) loses its power here.

import { cosOfTurns, sinOfTurns } from './turns';

export const ORDER: i32 = 16;
/** Bytes of a model: a[0] = 1 ... a[16], x[n] being noise - sum a[j] x[n-j]. */
export const MODEL_BYTES: usize = (<usize>ORDER + 1) << 3;

/** Fit to `count` > ORDER samples, which are destroyed, with as many f64 at `spare`; answers the noise's variance. */
export function fitModel(forward: usize, count: i32, model: usize, backward: usize): f64 {
  const bytes = (<usize>count) << 3;
  memory.copy(backward, forward, bytes);
  memory.fill(model, 0, MODEL_BYTES);
  store<f64>(model, 1);
  let noise: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 8) noise += load<f64>(forward + at) * load<f64>(forward + at);
  noise /= <f64>count;
  for (let order: usize = 8; order < MODEL_BYTES; order += 8) {
    const reflection = reflectionOf(forward, backward, order, bytes);
    noise *= 1 - reflection * reflection;
    for (let at = bytes - 8; at >= order; at -= 8) {
      const ahead = load<f64>(forward + at);
      const behind = load<f64>(backward + at - 8);
      store<f64>(forward + at, ahead + reflection * behind);
      store<f64>(backward + at, behind + reflection * ahead);
    }
    for (let low: usize = 0, high = order; low <= high; low += 8, high -= 8) {
      const first = load<f64>(model + low);
      const last = load<f64>(model + high);
      store<f64>(model + low, first + reflection * last);
      store<f64>(model + high, last + reflection * first);
    }
  }
  return noise;
}

/** What makes the errors of both directions smallest together; 0 when there are none left. */
function reflectionOf(forward: usize, backward: usize, from: usize, end: usize): f64 {
  let product: f64 = 0;
  let squares: f64 = 0;
  for (let at = from; at < end; at += 8) {
    const ahead = load<f64>(forward + at);
    const behind = load<f64>(backward + at - 8);
    product += ahead * behind;
    squares += ahead * ahead + behind * behind;
  }
  return squares > 0 ? (-2 * product) / squares : 0;
}

/** One-sided densities of the model at multiples of binHz. */
export function fillModelDensities(
  model: usize,
  noise: f64,
  rateHz: f64,
  densities: usize,
  count: i32,
  binHz: f64,
): void {
  for (let k = 0; k < count; k++) {
    const turns = (<f64>k * binHz) / rateHz;
    const cosine = cosOfTurns(turns);
    const sine = sinOfTurns(turns);
    // Horner's rule in exp(-i angle).
    let re: f64 = 0;
    let im: f64 = 0;
    for (let at = model + MODEL_BYTES - 8; at >= model; at -= 8) {
      const next = re * cosine + im * sine + load<f64>(at);
      im = im * cosine - re * sine;
      re = next;
    }
    const density = (2 * noise) / (rateHz * (re * re + im * im));
    store<f64>(densities + ((<usize>k) << 3), density);
  }
}
