// Papers on movement.

import { paper, type Source } from './source.ts';

export const MOTION_PAPERS = {
  hildebrand2014: paper(
    'Hildebrand et al.',
    2014,
    'Age group comparability of raw accelerometer output from wrist- and hip-worn monitors',
    'Medicine and Science in Sports and Exercise 46:1816-1824',
  ),
  straczkiewicz2023: paper(
    'Straczkiewicz, Huang, Onnela',
    2023,
    'A one-size-fits-most walking recognition method for smartphones, smartwatches, and wearable accelerometers',
    'npj Digital Medicine 6:29',
  ),
  telindert2013: paper(
    'te Lindert, Van Someren',
    2013,
    'Sleep estimates using microelectromechanical systems (MEMS)',
    'Sleep 36:781-789',
  ),
  vahaypya2015: paper(
    'Vaha-Ypya et al.',
    2015,
    'A universal, accurate intensity-based classification of different physical activities using raw data of accelerometer',
    'Clinical Physiology and Functional Imaging 35:64-70',
  ),
  vanhees2013: paper(
    'van Hees et al.',
    2013,
    'Separating movement and gravity components in an acceleration signal and implications for the assessment of human daily physical activity',
    'PLoS ONE 8:e61691',
  ),
  vanhees2015: paper(
    'van Hees et al.',
    2015,
    'A novel, open access method to assess sleep duration using a wrist-worn accelerometer',
    'PLoS ONE 10:e0142533',
  ),
  vanhees2018: paper(
    'van Hees et al.',
    2018,
    'Estimating sleep parameters using an accelerometer without sleep diary',
    'Scientific Reports 8:12975',
  ),
} as const satisfies Readonly<Record<string, Source>>;
