import { describe, expect, it } from 'vitest';
import { BeatLines } from './beat-lines.ts';

const UTC_US = 1_767_225_600_000_000;

describe('lines of beats', () => {
  it('tell rate and interval, and RMSSD of successive differences from ten beats on', () => {
    const beats = new BeatLines();
    const lines = Array.from({ length: 40 }, (_, index) => beats.interval(index % 2 === 0 ? 800 : 850, UTC_US));
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d {3}75 beats\/min {2}RR {2}800 ms$/);
    expect(lines[8]).not.toContain('RMSSD');
    expect(lines[9]).toMatch(/RMSSD 50 ms \(10 beats\)$/); // every difference is 50 ms
    expect(lines[39]).toMatch(/RMSSD 50 ms \(30 beats\)$/);
    expect(beats.beatCount).toBe(40);
  });

  it('begin anew behind what is no heart beat, and behind a break', () => {
    const beats = new BeatLines();
    for (let count = 0; count < 20; count++) beats.interval(1_000, UTC_US);
    expect(beats.interval(9_000, UTC_US)).toMatch(/RR 9000 ms \(not a heart beat\)$/);
    expect(beats.interval(1_000, UTC_US)).not.toContain('RMSSD');
    for (let count = 0; count < 20; count++) beats.interval(1_000, UTC_US);
    expect(beats.doubtful(640, UTC_US)).toMatch(/RR 640 ms \(doubtful\)$/);
    expect(beats.interval(1_000, UTC_US)).not.toContain('RMSSD');
    beats.break();
    expect(beats.rate(62, UTC_US)).toMatch(/ {2}62 beats\/min$/);
  });
});
