/// What this core can do at most, measured by the same program: what floors are made of.
#pragma once

namespace insitu::peers {

/// Floating-point operations a second, of independent multiply-adds.
double peak();

/// Bytes of an array of this size that one core reads, or reads and writes back, in a second.
double read_bandwidth(double bytes);
double update_bandwidth(double bytes);

/// Seconds from an operand to the result.
double fma_latency();
double add_latency();
double sigmoid_latency();
double tanh_latency();
double exp_latency();

}  // namespace insitu::peers
