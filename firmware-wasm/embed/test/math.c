/* maibo_math.c against libm, on numbers of every size; ends with 1 at the first difference. */
#include <math.h>
#include <stdio.h>

#include "maibo_math.h"

enum { COUNT = 300000 };

static uint64_t state = 88172645463325252u;

/* xorshift64 (Marsaglia 2003). */
static uint64_t chance(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static int differ_f64(const char *what, double x, double own, double wanted) {
  if (i64_reinterpret_f64(own) == i64_reinterpret_f64(wanted) || (own != own && wanted != wanted)) return 0;
  printf("%s(%a): %a instead of %a\n", what, x, own, wanted);
  return 1;
}

static int differ_f32(const char *what, float x, float own, float wanted) {
  if (i32_reinterpret_f32(own) == i32_reinterpret_f32(wanted) || (own != own && wanted != wanted)) return 0;
  printf("%s(%a): %a instead of %a\n", what, (double)x, (double)own, (double)wanted);
  return 1;
}

static int check_f64(double x) {
  return differ_f64("sqrt", x, maibo_sqrt_f64(x), sqrt(x)) + differ_f64("floor", x, maibo_floor_f64(x), floor(x)) +
         differ_f64("ceil", x, maibo_ceil_f64(x), ceil(x)) + differ_f64("trunc", x, maibo_trunc_f64(x), trunc(x)) +
         differ_f64("nearest", x, maibo_nearest_f64(x), nearbyint(x));
}

static int check_f32(float x) {
  return differ_f32("sqrt", x, maibo_sqrt_f32(x), sqrtf(x)) + differ_f32("floor", x, maibo_floor_f32(x), floorf(x)) +
         differ_f32("ceil", x, maibo_ceil_f32(x), ceilf(x)) + differ_f32("trunc", x, maibo_trunc_f32(x), truncf(x)) +
         differ_f32("nearest", x, maibo_nearest_f32(x), nearbyintf(x));
}

int main(void) {
  static const double chosen[] = {0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 0.49999999999999994, 4503599627370495.5, 5e-324, 1e308};
  int differences = 0;
  for (unsigned i = 0; i < sizeof chosen / sizeof chosen[0]; i++) differences += check_f64(chosen[i]) + check_f32((float)chosen[i]);
  for (int i = 0; i < COUNT && differences == 0; i++) {
    const uint64_t bits = chance();
    differences += check_f64(f64_reinterpret_i64(bits)) + check_f32(f32_reinterpret_i32((uint32_t)bits));
    /* Where roundings have something to do: of either sign, below 2^12. */
    differences += check_f64((double)(int64_t)bits / 2251799813685248.0) + check_f32((float)(int32_t)bits / 524288.0f);
    differences += check_f64((double)(int32_t)bits / 2.0);
  }
  return (differences > 0) ? 1 : 0;
}
