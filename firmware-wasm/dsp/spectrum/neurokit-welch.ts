// Welch's spectrum (1967) of the 100-Hz quadratic spline as NeuroKit2 0.2.13 computes it, without the 100-Hz samples.
//
// There, 5 minutes are 30,000 samples in three overlapping Hann windows, of which only the bins up to 0.5 Hz are looked at. Below
// 0.5 Hz the transform of the samples is the Fourier integral of the spline, up to 1e-6: a Hann window starts and ends flat, and the
// spline's kinks (jumps of its second derivative) have faded a thousandfold per tenfold frequency. So each window is sampled on a grid
// of our own: 8 L cells where the bins ask for a transform over L points (L a power of two, L points 6 to 12 to the second), each with
//
//   the spline's mean over the cell - cell^2 / 24 of its mean second derivative     (flat up to the fourth order, kinks averaged)
//
// times the window, then every 8 cells gathered by six moving averages in a row (43 weights; what folds back is below 1e-7), then
// transformed. The known frequency responses of the two steps are divided out. Samples, segments, bins and edges are counted with
// the same roundings as there. Over 130 windows of MIT-BIH, 60 s to 30 min, no index was further than 7e-7 from NeuroKit2's.

import { lastEndS, lengthMs, lengthS } from './clock';
import { addPowers, powerOfTwoFrom } from './fft';
import { integralTo, openFirst, openNext, Piece, solveSlopes } from './quadratic-spline';
import { cosOfTurns, sinOfTurns } from './turns';

const SAMPLE_S: f64 = 0.01;
const SAMPLE_HZ: f64 = 100;
const POINTS_HZ_MIN: f64 = 6;
const CELLS_PER_POINT: i32 = 8;
/** Moving averages in a row. */
const AVERAGES: i32 = 6;
/** Weights on either side of the middle one: 6 * (8 - 1) / 2. */
const REACH: i32 = 21;
/** Points that are gathered before the cells are moved up. */
const BATCH_POINTS: i32 = 8;
const BATCH_CELLS: i32 = BATCH_POINTS * CELLS_PER_POINT;
/** Weights of the gathering, one side and the middle. */
const WEIGHT_COUNT: i32 = 2 * REACH + 1;
/** Cells that the next batch needs again. */
const KEPT_CELLS: i32 = WEIGHT_COUNT - CELLS_PER_POINT;
const CELL_COUNT: i32 = KEPT_CELLS + BATCH_CELLS;

/** The densities of a series, one f64 a bin, and what is needed to read them. */
@unmanaged
export class WelchPlan {
  sampleCount: f64;
  segmentSamples: f64;
  stepSamples: f64;
  segmentCount: f64;
  /** Frequencies below are not looked at, Hz. */
  lowestHz: f64;
  /** Distance of the bins, Hz. */
  binHz: f64;
  pointCount: i32;
  /** Bins from 0 Hz on that are computed. */
  binCount: i32;
}

/** Samples at 100 Hz that NeuroKit2 has of a series. */
export function sampleCountOf(at: usize, count: i32): f64 {
  return ceil((lastEndS(at, count) + SAMPLE_S - lengthS(at, 0)) / SAMPLE_S);
}

/** Count segments and bins as NeuroKit2 does; bins up to `highestHz`. */
export function planWelch(plan: WelchPlan, sampleCount: f64, highestHz: f64): void {
  plan.sampleCount = sampleCount;
  plan.lowestHz = (2 * SAMPLE_HZ) / (sampleCount / 2);
  plan.segmentSamples = min(floor((2 / plan.lowestHz) * SAMPLE_HZ), floor(sampleCount / 2));
  const overlapSamples = floor(plan.segmentSamples / 2);
  plan.stepSamples = plan.segmentSamples - overlapSamples;
  plan.segmentCount = floor((sampleCount - overlapSamples) / plan.stepSamples);
  plan.binHz = 1 / (2 * plan.segmentSamples * SAMPLE_S);
  plan.pointCount = pointCountFor(plan.segmentSamples);
  plan.binCount = <i32>(highestHz / plan.binHz) + 2;
}

function pointCountFor(segmentSamples: f64): i32 {
  return powerOfTwoFrom(POINTS_HZ_MIN * 2 * segmentSamples * SAMPLE_S);
}

/** Bytes of `work` for `computeWelch`, and of its densities, for up to that many intervals and samples. */
export function welchBytes(count: i32, sampleCount: f64, highestHz: f64): usize {
  const segmentMax = floor(sampleCount / 2);
  const slopeBytes = (<usize>count) << 3;
  const pointBytes = max((<usize>pointCountFor(segmentMax)) << 3, slopeBytes);
  const binBytes = (<usize>(highestHz * 2 * segmentMax * SAMPLE_S) + 3) << 3;
  return offsetof<CellWalk>() + ((<usize>(CELL_COUNT + WEIGHT_COUNT)) << 3) + slopeBytes + pointBytes + binBytes;
}

/** Fill `plan.binCount` densities (ms^2 per Hz) at `densities` from `count` >= 3 intervals without a gap. */
export function computeWelch(plan: WelchPlan, at: usize, count: i32, densities: usize, work: usize): void {
  const walk = changetype<CellWalk>(work);
  const weights = work + offsetof<CellWalk>();
  const cells = weights + ((<usize>WEIGHT_COUNT) << 3);
  const slopes = cells + ((<usize>CELL_COUNT) << 3);
  const points = slopes + ((<usize>count) << 3);
  solveSlopes(at, count, slopes, points);
  setWeights(weights);
  openFirst(walk, at, count, slopes);
  walk.mean = sampleMean(walk, plan.sampleCount);
  walk.cellCount = (plan.pointCount * CELLS_PER_POINT) >> 1;
  walk.cellS = (plan.segmentSamples * SAMPLE_S) / <f64>walk.cellCount;
  memory.fill(densities, 0, (<usize>plan.binCount) << 3);
  for (let segment: f64 = 0; segment < plan.segmentCount; segment++) {
    openFirst(walk, at, count, slopes);
    startCells(walk, segment * plan.stepSamples * SAMPLE_S);
    gatherPoints(walk, cells, weights, points, plan.pointCount);
    addPowers(points, plan.pointCount, densities, plan.binCount, true);
  }
  scaleDensities(plan, densities, walk.cellS);
}

/**
 * Mean of the spline's samples: Euler and Maclaurin's sum, whose next term is below a millionth of a ms here. NeuroKit2's last sample
 * may lie up to 10 ms behind the last interval's end.
 */
function sampleMean(piece: Piece, sampleCount: f64): f64 {
  let area: f64 = 0;
  do area += integralTo(piece, piece.endS);
  while (openNext(piece));
  const last = lengthMs(piece.at, piece.count - 1) - lengthMs(piece.at, 0);
  // Between the last sample and the spline's end.
  area += last * ((sampleCount - 1) * SAMPLE_S - piece.endS);
  return (area / SAMPLE_S + last / 2) / sampleCount;
}

/** The moving averages, one after the other, of a single 1. */
function setWeights(weights: usize): void {
  memory.fill(weights, 0, (<usize>WEIGHT_COUNT) << 3);
  store<f64>(weights, 1);
  for (let pass = 0; pass < AVERAGES; pass++) {
    for (let i = WEIGHT_COUNT - 1; i >= 0; i--) {
      let sum: f64 = 0;
      for (let r = max(0, i - CELLS_PER_POINT + 1); r <= i; r++) sum += load<f64>(weights + ((<usize>r) << 3));
      store<f64>(weights + ((<usize>i) << 3), sum / <f64>CELLS_PER_POINT);
    }
  }
}

/** The cells of one window from left to right. */
@unmanaged
class CellWalk extends Piece {
  mean: f64;
  cellS: f64;
  /** Middle of cell 0, where the window begins. */
  windowS: f64;
  cellCount: i32;
  /** The next cell. */
  cell: i32;
  /** Angle of the window there, as cosine and sine, and from cell to cell. */
  cosine: f64;
  sine: f64;
  stepCosine: f64;
  stepSine: f64;
}

function startCells(walk: CellWalk, windowS: f64): void {
  walk.windowS = windowS;
  // Cell 0 has no weight in a Hann window.
  walk.cell = 1;
  while (walk.endS < windowS + walk.cellS / 2 && openNext(walk));
  walk.stepCosine = walk.cosine = cosOfTurns(1 / <f64>walk.cellCount);
  walk.stepSine = walk.sine = sinOfTurns(1 / <f64>walk.cellCount);
}

/** All the points of one window, and the few on either side that its cells reach; the last wrap around. */
function gatherPoints(walk: CellWalk, cells: usize, weights: usize, points: usize, pointCount: i32): void {
  memory.fill(points, 0, (<usize>pointCount) << 3);
  memory.fill(cells, 0, (<usize>CELL_COUNT) << 3);
  const keptBytes = (<usize>KEPT_CELLS) << 3;
  const end = (pointCount >> 1) + 3;
  // The cells begin REACH before the batch's first point. That of the first batch is chosen so that cell 1 comes at the right place.
  let first = -2;
  let skipped = CELLS_PER_POINT * -first + REACH + 1 - KEPT_CELLS;
  while (first < end) {
    fillCells(walk, cells + keptBytes + ((<usize>skipped) << 3), BATCH_CELLS - skipped);
    for (let i = 0; i < BATCH_POINTS; i++) {
      const to = points + ((<usize>((first + i) & (pointCount - 1))) << 3);
      store<f64>(to, load<f64>(to) + gather(cells + ((<usize>(i * CELLS_PER_POINT)) << 3), weights));
    }
    memory.copy(cells, cells + ((<usize>BATCH_CELLS) << 3), keptBytes);
    first += BATCH_POINTS;
    skipped = 0;
  }
}

/**
 * The next `count` cells, windowed; zeros behind the window's end. Of a cell without a knot the mean and the bend's share add up to the
 * polynomial in its middle. A knot adds jump x (t - knot)^2 behind it, and so to the cell's mean and to its mean second derivative.
 */
function fillCells(walk: CellWalk, cells: usize, count: i32): void {
  const cellS = walk.cellS;
  const stepCosine = walk.stepCosine;
  const stepSine = walk.stepSine;
  let cosine = walk.cosine;
  let sine = walk.sine;
  const inside = min(count, max(0, walk.cellCount - walk.cell));
  const end = cells + ((<usize>inside) << 3);
  memory.fill(end, 0, (<usize>(count - inside)) << 3);
  // The piece's numbers are held in locals: stores to the cells would make the compiler load them anew each time.
  let level = walk.value - walk.mean;
  let slope = walk.slope;
  let curve = walk.curve;
  let startS = walk.startS;
  let endS = walk.endS;
  let index = <f64>walk.cell;
  for (; cells < end; cells += 8, index++) {
    const middleS = walk.windowS + index * cellS;
    const u = middleS - startS;
    let value = level + u * (slope + u * curve);
    const toS = middleS + cellS / 2;
    while (endS < toS && openNext(walk)) {
      const rest = toS - walk.startS;
      value += (walk.curve - curve) * rest * ((rest * rest) / (3 * cellS) - cellS / 12);
      level = walk.value - walk.mean;
      slope = walk.slope;
      curve = walk.curve;
      startS = walk.startS;
      endS = walk.endS;
    }
    store<f64>(cells, value * (0.5 - 0.5 * cosine));
    const next = cosine * stepCosine - sine * stepSine;
    sine = cosine * stepSine + sine * stepCosine;
    cosine = next;
  }
  walk.cosine = cosine;
  walk.sine = sine;
  walk.cell += inside;
}

/** Weighted sum of the cells from `cells` on. */
function gather(cells: usize, weights: usize): f64 {
  let left = cells;
  let right = cells + ((<usize>(WEIGHT_COUNT - 1)) << 3);
  let weight = weights;
  let sum0: f64 = 0;
  let sum1: f64 = 0;
  let sum2: f64 = load<f64>(weights + ((<usize>REACH) << 3)) * load<f64>(cells + ((<usize>REACH) << 3));
  for (; left < right; left += 24, right -= 24, weight += 24) {
    sum0 += load<f64>(weight) * (load<f64>(left) + load<f64>(right));
    sum1 += load<f64>(weight, 8) * (load<f64>(left, 8) + load<f64>(right - 8));
    sum2 += load<f64>(weight, 16) * (load<f64>(left, 16) + load<f64>(right - 16));
  }
  return sum0 + sum1 + sum2;
}

/** From sums of squared magnitudes to one-sided densities, without what the cells and the gathering did to each frequency. */
function scaleDensities(plan: WelchPlan, densities: usize, cellS: f64): void {
  const amplitude = (<f64>CELLS_PER_POINT * cellS) / SAMPLE_S;
  // A periodic Hann window's squares add up to 3/8 of its length.
  const scale = (2 * amplitude * amplitude) / (SAMPLE_HZ * 0.375 * plan.segmentSamples * plan.segmentCount);
  for (let k = 0; k < plan.binCount; k++) {
    const to = densities + ((<usize>k) << 3);
    const response = responseAt(<f64>k / <f64>(plan.pointCount * CELLS_PER_POINT));
    store<f64>(to, (load<f64>(to) * scale) / (response * response));
  }
  store<f64>(densities, load<f64>(densities) / 2);
}

/** Of the cells and of the gathering, at a frequency in cycles per cell. */
function responseAt(cycles: f64): f64 {
  if (cycles === 0) return 1;
  const angle = Math.PI * cycles;
  const sine = sinOfTurns(cycles / 2);
  const average = sinOfTurns((<f64>CELLS_PER_POINT * cycles) / 2) / (<f64>CELLS_PER_POINT * sine);
  const cube = average * average * average;
  return cube * cube * (sine / angle + (angle * sine) / 6);
}
