/* As much of Arduino as the example needs to compile where there is no Arduino. Nothing of it works. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LOW, HIGH, INPUT_PULLUP, OUTPUT, A0 = 14, LED_BUILTIN = 13 };

struct StandInSerial {
  void begin(unsigned long) {}
  int available() { return 0; }
  int availableForWrite() { return 64; }
  int read() { return -1; }
  size_t write(const uint8_t *, size_t count) { return count; }
  size_t println(const char *) { return 0; }
};
extern StandInSerial Serial, Serial1;

unsigned long micros();
unsigned long millis();
int analogRead(int pin);
int digitalRead(int pin);
void digitalWrite(int pin, int level);
void pinMode(int pin, int mode);
