// Where the pipeline takes its cores from.
import type { CoreModule } from '@maibo/cores';

export type CoreName = 'wave-decode' | 'ecg' | 'ppg' | 'rr' | 'hrv';

/** Modules by core name: the ones installed, or the ones a record names. */
export type Modules = (name: CoreName) => CoreModule;
