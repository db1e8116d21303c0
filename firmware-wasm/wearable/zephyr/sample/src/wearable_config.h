/* As the cores in prj.conf are built. */
#ifndef WEARABLE_CONFIG_H
#define WEARABLE_CONFIG_H

#define WEARABLE_HRV_INTERVALS 600
#define WEARABLE_SLEEP_EPOCHS 960
#define WEARABLE_ECG_BLOCK 250u
#define WEARABLE_LIGHT_BLOCK 128u

#endif
