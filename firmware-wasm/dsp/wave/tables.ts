// The two tables of the block format (cores/wave-encode/FORMAT.md). Numbers of both are normative.

/** Rows of predictor weights, in 1/8192. */
export const ROW_COUNT: i32 = 8;
/** Weights of a row, newest difference first. */
export const TAP_COUNT: i32 = 16;
/** Entries of the table of the distribution, a quarter of a scale apart; from the last on, all is 65535. */
export const CURVE_STEPS: i32 = 48;

// Least squares with weights that discount loud stretches, on six recordings of a kind: 1 to 4 ECG at 360 Hz in four clusters, 5 pulse
// wave at 64 Hz, 6 acceleration at 32 Hz, 7 ECG at 120 Hz. NOTES.md names them. Row 0 is the last sample itself.
const ROWS: usize = memory.data<i16>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 660, 2626, 1309, -526, -1459, -1652, -703, -37, 321, 283, 85, 356,
  -203, -326, -283, -227, -1752, -436, -728, -729, 221, 1395, 714, -477, -1050, -898, 27, 1125, 366, -693, -976, -617,
  2927, 3221, 828, -1011, -1258, -676, 152, 447, 376, 5, -251, 12, -108, 36, 74, -77, 4177, 536, -1401, 48, 1110, 905,
  -410, -535, -234, -102, 200, 595, -139, -366, -199, 265, 19783, -10367, -9133, 4971, 7199, -511, -5059, -2230, 2468,
  2611, 119, -2031, -1235, 1059, 1276, -909, -2698, -2809, -2005, -1560, -1356, -997, -767, -580, -436, -315, -236,
  -169, -111, -96, -62, -39, 2926, -1228, -168, 2509, -1328, 36, -615, 1297, -1124, 442, -633, 679, -660, 288, -178, 78,
]);

// round(65536 / (1 + exp(-1.04 k / 4))), k = 0..48, at most 65535.
const CURVE: usize = memory.data<u16>([
  32768, 37004, 41101, 44937, 48421, 51500, 54156, 56398, 58258, 59778, 61005, 61986, 62764, 63378, 63860, 64236, 64529,
  64757, 64933, 65070, 65176, 65258, 65322, 65371, 65408, 65438, 65460, 65477, 65491, 65501, 65509, 65515, 65520, 65524,
  65527, 65529, 65530, 65532, 65533, 65533, 65534, 65534, 65535, 65535, 65535, 65535, 65535, 65535, 65535,
]);

/** Address of a row's 16 weights (i16). */
export function rowAt(row: i32): usize {
  return ROWS + ((<usize>row) << 5);
}

/** Share of the distribution, in 1/65536, below `position` >= 0, which is in 1/1024 of the scale. */
export function curveAt(position: i32): i32 {
  const step = position >> 8;
  if (step >= CURVE_STEPS) return 0xffff;
  const entry = CURVE + ((<usize>step) << 1);
  const low = <i32>load<u16>(entry);
  return low + (((<i32>load<u16>(entry, 2) - low) * (position & 255)) >> 8);
}
