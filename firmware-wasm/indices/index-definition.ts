// What is known of one index: the page that a clinician, a wearer or another tool's author can hold its value against.

import type { SourceKey } from './sources.ts';

export type IndexGroup =
  | 'time'
  | 'frequency'
  | 'poincare'
  | 'fragmentation'
  | 'asymmetry'
  | 'fluctuation'
  | 'entropy'
  | 'complexity'
  | 'symbolic'
  | 'recurrence'
  | 'rsa'
  | 'stress'
  | 'training'
  | 'breathing'
  | 'motion';

/** The sets of definitions that the HRV cores follow on request. */
export type Profile = 'maibo' | 'neurokit' | 'kubios' | 'taskforce';

export interface IndexDefinition {
  /** Name under which the value is given, such as HRV_RMSSD. */
  readonly column: string;
  readonly group: IndexGroup;
  /** What the field calls it. */
  readonly title: string;
  /** One line for people who are not of the field. */
  readonly plain: { readonly en: string; readonly zh: string };
  /** "1" where there is none. */
  readonly unit: string;
  /** RR: the intervals, in ms; N: their number; dRR: successive differences. */
  readonly formula: string;
  /** What the letters of the formula mean, where it is not plain. */
  readonly terms?: string;
  /** What each profile does, where they differ. */
  readonly profiles?: Readonly<Partial<Record<Profile, string>>>;
  /** How much signal it takes to mean something. */
  readonly window: string;
  /** Below this there is no value. */
  readonly minimum: string;
  /** Above this there is none either. */
  readonly maximum?: string;
  readonly sources: readonly SourceKey[];
  /** Where tools disagree, and which of them is followed here. */
  readonly tools: string;
  readonly responds: string;
  readonly caveats: string;
}

/** A group's definitions, without saying the group each time. */
export function inGroup(group: IndexGroup, texts: readonly Omit<IndexDefinition, 'group'>[]): IndexDefinition[] {
  return texts.map((text) => ({ ...text, group }));
}
