// Training and recovery over days: readiness and training impulse.

import { type IndexDefinition, inGroup } from './index-definition.ts';

export const TRAINING_DEFINITIONS: readonly IndexDefinition[] = inGroup('training', [
  {
    column: 'readiness',
    title: 'Readiness: weekly lnRMSSD against its smallest worthwhile change',
    plain: { en: 'Whether your heart has recovered as usual', zh: '恢复程度：心率变异性周均值与个人正常范围相比' },
    unit: '1',
    formula:
      '7-day mean of ln(RMSSD) against the own longer mean; the smallest worthwhile change is half of its SD between days',
    window: 'one morning value a day, for weeks',
    minimum: 'several days in the week and a baseline',
    sources: ['plews2013'],
    tools: 'Vendors blend in sleep and activity. This is the rule of Plews 2013 alone.',
    responds: 'Below the band: load, illness, alcohol, short sleep. Above: mostly recovery.',
    caveats: 'Measure at the same time, lying or sitting still. In overreaching it can rise as well.',
  },
  {
    column: 'TRIMP',
    title: "Training impulse, Banister's",
    plain: { en: 'How much a workout has taken out of you', zh: '训练冲量（运动负荷）' },
    unit: 'weighted min',
    formula:
      'T x r x 0.64 exp(1.92 r) for men, T x r x 0.86 exp(1.67 r) for women; T: minutes, r = (HR - HR at rest) / (HR max - HR at rest)',
    window: 'the whole exercise',
    minimum: 'a heart rate, and the rate at rest and the maximum of the person',
    sources: ['banister1991', 'morton1990'],
    tools: 'Kubios computes the same beat by beat; Edwards, Lucia and others weigh zones: other numbers.',
    responds: 'Duration and intensity of exercise.',
    caveats: 'The coefficients come from a few people. A heart rate raised by heat or excitement counts as load.',
  },
]);
