// Every index that a user can be shown has a definition, and every definition is of something that is given.
import {
  BREATH_FINDING_NAMES,
  coverageOf,
  HRV_INDICES_NAMES,
  HRV_NONLINEAR_NAMES,
  HRV_SPECTRUM_NAMES,
  MOTION_FINDING_NAMES,
  STRESS_FINDING_NAMES,
} from '@maibo/cores';
import { expect, it } from 'vitest';
import { findBreaths } from './breaths.ts';
import { computeRsa } from './rsa.ts';

/** Functions of this package that answer with a number of their own: assessReadiness, trainingImpulse. */
const FUNCTIONS = ['readiness', 'TRIMP'];

it('defines what is given and nothing else', () => {
  const rsaColumns = Object.keys(computeRsa({ beatsS: [], gaps: [], breaths: findBreaths([], 25) }));
  const lists = [
    HRV_INDICES_NAMES,
    HRV_SPECTRUM_NAMES,
    HRV_NONLINEAR_NAMES,
    STRESS_FINDING_NAMES,
    BREATH_FINDING_NAMES,
    MOTION_FINDING_NAMES,
  ];
  const coverage = coverageOf([...lists.flat(), ...rsaColumns, ...FUNCTIONS]);
  expect(coverage).toEqual({ undefinedColumns: [], ungivenColumns: [] });
});
