// HRV of RR intervals that a program has already, over windows that move along: node sdk/dist/examples/07-windows-of-intervals.js rr.txt
import { readFileSync } from 'node:fs';
import { computeHrv, slideHrv } from '@maibo/sdk';

const file = process.argv[2] ?? 'rr.txt';
const rrMs = readFileSync(file, 'utf8').trim().split(/\s+/).map(Number);

const { values, errors } = computeHrv(rrMs, { profile: 'kubios' });
console.log('RMSSD', values.HRV_RMSSD, '±', errors.HRV_RMSSD, 'ms');
console.log('HF power', values.HRV_HF, 'ms2, sample entropy', values.HRV_SampEn);

for (const window of slideHrv(rrMs, { windowS: 60, stepS: 30 })) {
  console.log(`up to ${window.toS} s: SDNN`, window.values.HRV_SDNN, 'from', window.count, 'intervals');
}
