/* What a compiler may call without being asked to, a byte at a time: 16 bytes each, where newlib's take 162 and more. */
#include <stddef.h>

void* memset(void* to, int value, size_t count);
void* memcpy(void* to, const void* from, size_t count);
void* memmove(void* to, const void* from, size_t count);

void* memset(void* to, int value, size_t count) {
  unsigned char* t = to;
  while (count-- > 0) *t++ = (unsigned char)value;
  return to;
}

void* memcpy(void* to, const void* from, size_t count) {
  unsigned char* t = to;
  const unsigned char* f = from;
  while (count-- > 0) *t++ = *f++;
  return to;
}

void* memmove(void* to, const void* from, size_t count) {
  unsigned char* t = to;
  const unsigned char* f = from;
  if (t < f) return memcpy(to, from, count);
  while (count-- > 0) t[count] = f[count];
  return to;
}
