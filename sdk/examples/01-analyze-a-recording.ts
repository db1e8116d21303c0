// Beats and heart-rate variability of a recording: node sdk/dist/examples/01-analyze-a-recording.js path/to/100
import { analyzeFile } from '@maibo/sdk';

const analysis = await analyzeFile(process.argv[2] ?? 'path/to/100', { correct: true });
console.log(analysis.beats.timeS.length, 'beats');
console.log('RMSSD', analysis.hrv.HRV_RMSSD); // null where there is too little to say
