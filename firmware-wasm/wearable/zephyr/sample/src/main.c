/* The wearable on Zephyr: the link over the UART chosen as `maibo,link`, flash partition `storage_partition`, button `sw0`. Digits to
 * compare are printed on the console; the button opens pairing, and pressed once more it says yes. */
#include <zephyr/device.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/random/random.h>
#include <zephyr/storage/flash_map.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/ring_buffer.h>

#include "wearable.h"

#define CHUNK_BYTES 128u
#define PAGE_BYTES 4096u
#define TICK_MS 4

RING_BUF_DECLARE(received, 2048);
RING_BUF_DECLARE(sent, 2048);

static const struct device *const uart = DEVICE_DT_GET(DT_CHOSEN(maibo_link));
static const struct gpio_dt_spec button = GPIO_DT_SPEC_GET(DT_ALIAS(sw0), gpios);
static const struct flash_area *area;
static cores_memory core_memory;
static wearable device;

static uint64_t tell_clock(void *context) {
  ARG_UNUSED(context);
  return k_ticks_to_us_floor64((uint64_t)k_uptime_ticks());
}

static int32_t give_chance(void *context, uint8_t *into, uint32_t count) {
  ARG_UNUSED(context);
  return (sys_csrand_get(into, count) == 0) ? ML_OK : ML_NO_RANDOM;
}

static int32_t read_cells(void *context, uint32_t at, uint8_t *into, uint32_t count) {
  ARG_UNUSED(context);
  return (flash_area_read(area, (off_t)at, into, count) == 0) ? ML_OK : ML_FLASH_FAILED;
}

static int32_t program_cells(void *context, uint32_t at, const uint8_t *from, uint32_t count) {
  ARG_UNUSED(context);
  return (flash_area_write(area, (off_t)at, from, count) == 0) ? ML_OK : ML_FLASH_FAILED;
}

static int32_t erase_page(void *context, uint32_t page) {
  ARG_UNUSED(context);
  return (flash_area_erase(area, (off_t)(page * PAGE_BYTES), PAGE_BYTES) == 0) ? ML_OK : ML_FLASH_FAILED;
}

static void serve_uart(const struct device *dev, void *context) {
  uint8_t bytes[16];
  ARG_UNUSED(context);
  while (uart_irq_update(dev) > 0 && uart_irq_is_pending(dev) > 0) {
    if (uart_irq_rx_ready(dev) > 0) {
      const int count = uart_fifo_read(dev, bytes, (int)sizeof bytes);
      if (count > 0) (void)ring_buf_put(&received, bytes, (uint32_t)count); /* What has no room is lost, and sent again. */
    }
    if (uart_irq_tx_ready(dev) > 0) {
      uint8_t *next;
      const uint32_t count = ring_buf_get_claim(&sent, &next, sizeof bytes);
      const int taken = (count > 0u) ? uart_fifo_fill(dev, next, (int)count) : 0;
      (void)ring_buf_get_finish(&sent, (taken > 0) ? (uint32_t)taken : 0u);
      if (count == 0u) uart_irq_tx_disable(dev);
    }
  }
}

static int32_t begin(void) {
  wearable_options options = {.flash = {NULL, PAGE_BYTES, 0u, read_cells, program_cells, erase_page},
                              .random = give_chance,
                              .clock_us = tell_clock};
  if (!device_is_ready(uart) || flash_area_open(FIXED_PARTITION_ID(storage_partition), &area) != 0) return ML_FLASH_FAILED;
  options.flash.page_count = (uint32_t)area->fa_size / PAGE_BYTES;
  (void)gpio_pin_configure_dt(&button, GPIO_INPUT);
  (void)uart_irq_callback_set(uart, serve_uart);
  uart_irq_rx_enable(uart);
  return wearable_begin(&device, &core_memory, &options);
}

static void look_at_person(void) {
  static bool was_pressed;
  static bool is_shown;
  const char *const digits = ml_device_digits(&device.wire.device);
  const bool is_pressed = gpio_pin_get_dt(&button) == 1;
  if (digits != NULL && !is_shown) printk("does the other show %s? then press the button\n", digits);
  if (is_pressed && !was_pressed) (void)wearable_press(&device, (digits != NULL) ? WEARABLE_YES : WEARABLE_PAIR);
  is_shown = digits != NULL;
  was_pressed = is_pressed;
}

int main(void) {
  uint8_t bytes[CHUNK_BYTES];
  const int32_t status = begin();
  if (status != ML_OK) {
    printk("the wearable cannot begin: status %d\n", (int)status);
    return 0;
  }
  for (;;) {
    wearable_measure(&device);
    const uint32_t heard = ring_buf_get(&received, bytes, sizeof bytes);
    wearable_hear(&device, bytes, heard);
    const uint32_t room = ring_buf_space_get(&sent);
    const uint32_t count = wearable_speak(&device, bytes, (room < CHUNK_BYTES) ? room : CHUNK_BYTES);
    (void)ring_buf_put(&sent, bytes, count);
    if (count > 0u) uart_irq_tx_enable(uart);
    look_at_person();
    if (heard + count == 0u) k_msleep(TICK_MS);
  }
}
