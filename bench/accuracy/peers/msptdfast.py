"""MSPTDfast v2, a peer written from its description (Charlton et al. 2025), no code of its authors: the scalogram of local maxima of
Bishop & Ercole 2018 on decimated light, in windows of 6 s.
"""

import numpy as np
from scipy.signal import detrend

WORK_RATE_HZ = 20
WINDOW_S = 6
STEP_SHARE = 0.8  # windows overlap by a fifth
SLOWEST_BPM = 30


def msptdfast(light, rate_hz):
    """Sample numbers of the pulse peaks, rising."""
    every = max(1, int(rate_hz // WORK_RATE_HZ))
    coarse = light[::every]
    length = int(round(WINDOW_S * rate_hz / every))
    peaks, start = set(), 0
    while start < len(coarse):
        first = max(0, min(start, len(coarse) - length))
        peaks.update(first + peak for peak in window_peaks(detrend(coarse[first : first + length]), rate_hz / every))
        if first + length >= len(coarse):
            break
        start += int(round(STEP_SHARE * length))
    return sorted({snapped(light, peak * every, rate_hz) for peak in peaks})


def window_peaks(light, rate_hz):
    """Where all scales up to the one with most local maxima hold a maximum; a scale is a distance in samples to both sides."""
    count = len(light)
    scales = min(int(np.ceil(rate_hz * 60 / SLOWEST_BPM / 2)), count // 2 - 1)
    if scales < 1:
        return []
    maxima = np.zeros((scales, count), bool)
    for scale in range(1, scales + 1):
        middle = light[scale : count - scale]
        maxima[scale - 1, scale : count - scale] = (middle > light[: count - 2 * scale]) & (middle > light[2 * scale :])
    best = int(np.argmax(maxima.sum(axis=1)))
    return np.flatnonzero(maxima[: best + 1].all(axis=0)).tolist()


def snapped(light, peak, rate_hz):
    """The highest sample of the full-rate light around a peak of the decimated one."""
    reach_s = 0.05 if rate_hz >= 20 else 0.1 if rate_hz >= 10 else 0.2
    reach = int(np.ceil(rate_hz * reach_s))
    low = max(0, peak - reach)
    return low + int(np.argmax(light[low : peak + reach + 1]))


def between_samples(light, peaks):
    """The vertex of the parabola through each peak and its neighbours: ours to add, not the authors'."""
    places = []
    for peak in peaks:
        place = float(peak)
        if 0 < peak < len(light) - 1:
            bend = light[peak - 1] - 2 * light[peak] + light[peak + 1]
            if bend != 0:
                place += 0.5 * (light[peak - 1] - light[peak + 1]) / bend
        places.append(place)
    return places
