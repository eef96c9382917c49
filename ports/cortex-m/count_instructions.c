/* A QEMU plugin that counts executed instructions: of each region between a call of insitu_count_begin and one of insitu_count_end (functions
   that are not inlined), and of the whole program. Instructions are not cycles, but they are exact and the same on every run.

   QEMU ships no header for its plugins on every system, so the few functions used are declared here; they are the same in every version of the
   interface so far. QEMU loads a plugin only if its version is one it supports: PLUGIN_VERSION (count_instructions.sh finds out).
   Source: QEMU, docs/devel/tcg-plugins.rst and include/qemu/qemu-plugin.h, versions 1 (QEMU 4.2) to 5 (10.1).
   Options: out=file (default: standard error). */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION 1
#endif
#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum callback_flags { no_registers = 0 };
typedef void (*translated)(plugin_id, struct qemu_plugin_tb*);
typedef void (*executed)(unsigned cpu, void* data);
typedef void (*ended)(plugin_id, void* data);
extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, translated);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb*, executed, enum callback_flags, void* data);
extern void qemu_plugin_register_atexit_cb(plugin_id, ended, void* data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
extern struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*, size_t);
extern const char* qemu_plugin_insn_symbol(const struct qemu_plugin_insn*);

EXPORT int qemu_plugin_version = PLUGIN_VERSION;

enum { most_regions = 4096 };
static uint64_t total, at_begin, regions[most_regions];
static unsigned count;
static FILE* out;

/* A block of instructions runs from its first to its last: count them on entry. An entry of a marker function begins a block. */
static void on_block(unsigned cpu, void* instructions) {
  (void)cpu;
  total += (uintptr_t)instructions;
}
static void on_begin(unsigned cpu, void* data) {
  (void)cpu;
  (void)data;
  at_begin = total;
}
static void on_end(unsigned cpu, void* data) {
  (void)cpu;
  (void)data;
  if (count < most_regions) regions[count++] = total - at_begin;
}

/* Callbacks of a block run in the order of their registration. The end marker is read before its own block counts, the begin marker after. */
static void on_translation(plugin_id id, struct qemu_plugin_tb* block) {
  (void)id;
  const char* symbol = qemu_plugin_insn_symbol(qemu_plugin_tb_get_insn(block, 0));
  if (symbol && !strcmp(symbol, "insitu_count_end")) qemu_plugin_register_vcpu_tb_exec_cb(block, on_end, no_registers, NULL);
  qemu_plugin_register_vcpu_tb_exec_cb(block, on_block, no_registers, (void*)(uintptr_t)qemu_plugin_tb_n_insns(block));
  if (symbol && !strcmp(symbol, "insitu_count_begin")) qemu_plugin_register_vcpu_tb_exec_cb(block, on_begin, no_registers, NULL);
}

static void on_exit_of_program(plugin_id id, void* data) {
  (void)id;
  (void)data;
  for (unsigned i = 0; i < count; ++i) fprintf(out, "region %u %llu\n", i, (unsigned long long)regions[i]);
  fprintf(out, "total %llu\n", (unsigned long long)total);
  fclose(out);
}

/* The third parameter, QEMU's description of itself, is not used. */
EXPORT int qemu_plugin_install(plugin_id id, const void* info, int argc, char** argv) {
  (void)info;
  out = stderr;
  for (int i = 0; i < argc; ++i)
    if (!strncmp(argv[i], "out=", 4) && !(out = fopen(argv[i] + 4, "w"))) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  qemu_plugin_register_atexit_cb(id, on_exit_of_program, NULL);
  return 0;
}
