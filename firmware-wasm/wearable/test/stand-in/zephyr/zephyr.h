/* As much of Zephyr's headers as the sample needs to compile where there is no Zephyr. Nothing of it works. */
#ifndef STAND_IN_ZEPHYR_H
#define STAND_IN_ZEPHYR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define ARG_UNUSED(x) (void)(x)
#define DT_CHOSEN(name) 0
#define DT_ALIAS(name) 0
#define DEVICE_DT_GET(node) (&stand_in_device)
#define GPIO_DT_SPEC_GET(node, name) \
  { 0 }
#define FIXED_PARTITION_ID(name) 0
#define GPIO_INPUT 0
#define RING_BUF_DECLARE(name, bytes) static struct ring_buf name

struct device {
  int none;
};
struct gpio_dt_spec {
  int none;
};
struct ring_buf {
  int none;
};
struct flash_area {
  uint32_t fa_size;
};
static const struct device stand_in_device;

int64_t k_uptime_ticks(void);
uint64_t k_ticks_to_us_floor64(uint64_t ticks);
int32_t k_msleep(int32_t ms);
void printk(const char *format, ...);
bool device_is_ready(const struct device *dev);
int sys_csrand_get(void *into, size_t count);
int flash_area_open(uint8_t id, const struct flash_area **area);
int flash_area_read(const struct flash_area *area, off_t at, void *into, size_t count);
int flash_area_write(const struct flash_area *area, off_t at, const void *from, size_t count);
int flash_area_erase(const struct flash_area *area, off_t at, size_t count);
int uart_irq_update(const struct device *dev);
int uart_irq_is_pending(const struct device *dev);
int uart_irq_rx_ready(const struct device *dev);
int uart_irq_tx_ready(const struct device *dev);
void uart_irq_rx_enable(const struct device *dev);
void uart_irq_tx_enable(const struct device *dev);
void uart_irq_tx_disable(const struct device *dev);
int uart_irq_callback_set(const struct device *dev, void (*callback)(const struct device *dev, void *context));
int uart_fifo_read(const struct device *dev, uint8_t *into, int count);
int uart_fifo_fill(const struct device *dev, const uint8_t *from, int count);
int gpio_pin_configure_dt(const struct gpio_dt_spec *pin, int flags);
int gpio_pin_get_dt(const struct gpio_dt_spec *pin);
uint32_t ring_buf_put(struct ring_buf *ring, const uint8_t *from, uint32_t count);
uint32_t ring_buf_get(struct ring_buf *ring, uint8_t *into, uint32_t count);
uint32_t ring_buf_get_claim(struct ring_buf *ring, uint8_t **from, uint32_t count);
int ring_buf_get_finish(struct ring_buf *ring, uint32_t count);
uint32_t ring_buf_space_get(struct ring_buf *ring);

#endif
