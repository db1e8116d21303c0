// `link`: what Maibo Link costs and delivers: bytes, packets under loss, round trips, records per second.
import type { Bench, BenchReport } from '../bench.ts';
import { measureAir } from './link-air.ts';
import { measureEfficiency } from './link-efficiency.ts';
import { measureLoss } from './link-loss.ts';
import { measureResume } from './link-resume.ts';
import { measureThroughput } from './link-throughput.ts';

export const linkBench: Bench = {
  name: 'link',
  about: 'Maibo Link: bytes of records in packets, packets under loss, round trips to resume, records/s to the store',
  run: runLink,
};

async function runLink(): Promise<BenchReport> {
  const efficiency = measureEfficiency();
  const loss = measureLoss();
  const resume = await measureResume();
  const throughput = await measureThroughput();
  const air = await measureAir();
  const parts = [efficiency, loss, resume, throughput, air];
  return {
    lines: parts.flatMap(({ lines }, index) => (index === 0 ? lines : ['', ...lines])),
    numbers: {
      efficiency: efficiency.rows,
      loss: loss.cells,
      resume: resume.numbers,
      throughput: throughput.runs,
      air: air.rows,
    },
    overBudget: [efficiency, loss, resume, throughput].flatMap(({ overBudget }) => overBudget),
    skipped: null,
  };
}
