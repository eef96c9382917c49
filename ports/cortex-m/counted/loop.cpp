// Three loops of 10, 100 and 1,000 rounds of four instructions, counted: what check-count.sh holds the counter to.
extern "C" {
[[gnu::noinline, gnu::used]] void insitu_count_begin() { asm volatile("" ::: "memory"); }
[[gnu::noinline, gnu::used]] void insitu_count_end() { asm volatile(" " ::: "memory"); }
}

static void loop(int rounds) {
  insitu_count_begin();
  asm volatile(
      ".syntax unified\n\t"
      "1: nop\n\t"
      "nop\n\t"
      "subs %0, %0, #1\n\t"
      "bne 1b"
      : "+l"(rounds)
      :
      : "cc");
  insitu_count_end();
}

int main(int, char**) {
  loop(10);
  loop(100);
  loop(1000);
}
