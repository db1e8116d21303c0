/* Two UARTs of Arm's CMSDK, each with a ring in both directions. The interrupts fill one and empty the other. */
#include "board.h"
#include "interrupts.h"

#define RING_BYTES 2048u /* A power of two: positions run on and are cut when used. */
#define TX_IS_FULL 1u
#define RX_IS_FULL 2u
#define TX_AND_RX_WITH_INTERRUPTS 0xFu
#define TX_INTERRUPT 1u
#define RX_INTERRUPT 2u
#define BAUD_DIVISOR 217u /* 25 MHz / 115,200 */
#define INTERRUPT_ENABLE (*(volatile uint32_t *)0xE000E100u)
#define UART_INTERRUPTS 0xFu /* 0 and 1 of the first, 2 and 3 of the second. */

typedef struct {
  volatile uint32_t data;
  volatile uint32_t state;
  volatile uint32_t control;
  volatile uint32_t interrupts;
  volatile uint32_t divisor;
} registers;

typedef struct {
  uint8_t bytes[RING_BYTES];
  volatile uint32_t written;
  volatile uint32_t read;
} ring;

typedef struct {
  ring received;
  ring sent;
  volatile uint32_t lost;
} port;

static registers *const UARTS[BOARD_UART_COUNT] = {(registers *)0x40004000u, (registers *)0x40005000u};
static port ports[BOARD_UART_COUNT];

void board_serial_begin(void) {
  for (uint32_t uart = 0u; uart < (uint32_t)BOARD_UART_COUNT; uart++) {
    UARTS[uart]->divisor = BAUD_DIVISOR;
    UARTS[uart]->control = TX_AND_RX_WITH_INTERRUPTS;
  }
  INTERRUPT_ENABLE = UART_INTERRUPTS;
}

static uint32_t used(const ring *which) {
  return which->written - which->read;
}

static void receive(uint32_t uart) {
  registers *const hardware = UARTS[uart];
  port *const own = &ports[uart];
  hardware->interrupts = RX_INTERRUPT;
  while ((hardware->state & RX_IS_FULL) != 0u) {
    const uint8_t byte = (uint8_t)hardware->data;
    if (used(&own->received) >= RING_BYTES) {
      own->lost++;
      continue;
    }
    own->received.bytes[own->received.written % RING_BYTES] = byte;
    own->received.written++;
  }
}

/* With interrupts off, or from one. */
static void send(uint32_t uart) {
  registers *const hardware = UARTS[uart];
  ring *const waiting = &ports[uart].sent;
  while (used(waiting) > 0u && (hardware->state & TX_IS_FULL) == 0u) {
    hardware->data = waiting->bytes[waiting->read % RING_BYTES];
    waiting->read++;
  }
}

void uart_0_received(void) {
  receive(0u);
}

void uart_1_received(void) {
  receive(1u);
}

void uart_0_sent(void) {
  UARTS[0]->interrupts = TX_INTERRUPT;
  send(0u);
}

void uart_1_sent(void) {
  UARTS[1]->interrupts = TX_INTERRUPT;
  send(1u);
}

uint32_t board_serial_take(uint32_t uart, uint8_t *into, uint32_t bytes) {
  ring *const received = &ports[uart].received;
  uint32_t count = 0u;
  while (count < bytes && used(received) > 0u) {
    into[count] = received->bytes[received->read % RING_BYTES];
    received->read++;
    count++;
  }
  return count;
}

uint32_t board_serial_give(uint32_t uart, const uint8_t *from, uint32_t count) {
  ring *const waiting = &ports[uart].sent;
  uint32_t given = 0u;
  while (given < count && used(waiting) < RING_BYTES) {
    waiting->bytes[waiting->written % RING_BYTES] = from[given];
    waiting->written++;
    given++;
  }
  const uint32_t before = stop_interrupts();
  send(uart);
  restore_interrupts(before);
  return given;
}

uint32_t board_serial_room(uint32_t uart) {
  return RING_BYTES - used(&ports[uart].sent);
}

uint32_t board_serial_lost(uint32_t uart) {
  return ports[uart].lost;
}
