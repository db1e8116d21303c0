// The papers behind the indices, by the key that a definition names.

import { HEART_PAPERS } from './heart-papers.ts';
import { MOTION_PAPERS } from './motion-papers.ts';
import { SIGNAL_PAPERS } from './signal-papers.ts';

export const SOURCES = { ...HEART_PAPERS, ...SIGNAL_PAPERS, ...MOTION_PAPERS } as const;

export type SourceKey = keyof typeof SOURCES;
