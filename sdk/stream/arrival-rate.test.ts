import { describe, expect, it } from 'vitest';
import { ArrivalRate } from './arrival-rate.ts';

/** What is told while so many a second come in pieces of a tenth, for so long. */
function told(rate: ArrivalRate, hz: number, seconds: number, fromMs = 0): number[] {
  const news: number[] = [];
  for (let tenth = 0; tenth <= seconds * 10; tenth++) {
    const found = rate.take(hz / 10, fromMs + tenth * 100);
    if (found !== null) news.push(Math.round(found));
  }
  return news;
}

describe('how often samples come', () => {
  it('is no news when it is what was promised, or near it', () => {
    for (const hz of [250, 240, 260]) expect(told(new ArrivalRate(250), hz, 60)).toEqual([]);
  });

  it('is told once where it is not, and again when it changes', () => {
    const rate = new ArrivalRate(250);
    for (const [turn, [hz, news]] of [198, 100, 250, 100]
      .map((hz) => [hz, hz === 250 ? [] : [hz]] as const)
      .entries()) {
      rate.restart();
      expect(told(rate, hz, 60, turn * 100_000)).toEqual(news);
    }
  });

  it('is not told before ten seconds', () => {
    expect(told(new ArrivalRate(250), 100, 9.9)).toEqual([]);
  });

  it('leaves out what had waited before the first look, and what lies before a pause', () => {
    const rate = new ArrivalRate(250);
    rate.take(100_000, 0);
    expect(told(rate, 250, 9)).toEqual([]);
    rate.restart();
    expect(told(rate, 250, 30, 60_000)).toEqual([]);
  });
});
