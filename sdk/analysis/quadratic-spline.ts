// A curve of parabolas through points, smooth where they meet: halfway between the points, but for the first two and the last two, which
// share a parabola (the knots that scipy's interp1d chooses for `quadratic`).

/** `x` ascending, at least four; defined between its ends. */
export function quadraticSpline(x: readonly number[], y: readonly number[]): (at: number) => number {
  const count = x.length;
  const middles = x.slice(1, -2).map((left, i) => (left + x[i + 2]!) / 2);
  const [first, last] = [x[0]!, x[count - 1]!];
  const knots = [first, first, first, ...middles, last, last, last];
  const coefficients = solve(
    x.map((at, i) => (i === 0 || i === count - 1 ? [0, 1, 0] : basisAt(knots, at, i + 1))),
    y,
  );
  return (at) => {
    let piece = 2;
    while (piece + 1 < count && at >= knots[piece + 1]!) piece++;
    return basisAt(knots, at, piece).reduce((sum, value, k) => sum + value * coefficients[piece - 2 + k]!, 0);
  };
}

/** The three parabolas that are not 0 between knots `piece` and `piece` + 1 (de Boor 1972). */
function basisAt(knots: readonly number[], at: number, piece: number): [number, number, number] {
  const [a, b, c, d] = [knots[piece - 1]!, knots[piece]!, knots[piece + 1]!, knots[piece + 2]!];
  const [left, right] = [(c - at) / (c - b), (at - b) / (c - b)];
  const low = (left * (c - at)) / (c - a);
  const high = (right * (at - b)) / (d - b);
  return [low, 1 - low - high, high];
}

/** Three diagonals: rows [before, own, after]. */
function solve(rows: readonly (readonly number[])[], y: readonly number[]): number[] {
  const after: number[] = [];
  const answer: number[] = [];
  for (const [i, [before, own, next]] of rows.entries()) {
    const pivot = own! - before! * (after[i - 1] ?? 0);
    after.push(next! / pivot);
    answer.push((y[i]! - before! * (answer[i - 1] ?? 0)) / pivot);
  }
  for (let i = rows.length - 2; i >= 0; i--) answer[i] = answer[i]! - after[i]! * answer[i + 1]!;
  return answer;
}
