/// Vector<N> and Matrix<Rows, Cols>: arrays whose shape is their type.
#pragma once

namespace insitu {

/// Bytes to which whoever places an object in memory should align it: `alignas(insitu::Alignment) Parameters<Model> parameters;`.
/// The types below ask for no more than their scalar does, so that a record in flash or on the wire has no padding. On a hosted target an unaligned
/// array is right but slower (measured: 1.5x on the batch-1 update); Cortex-M loads several words at once and wants 8.
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
inline constexpr int Alignment = 8;
#else
inline constexpr int Alignment = 64;
#endif

/// N numbers, contiguous. An aggregate: trivially copyable, no padding.
template <int N, class T = float>
struct Vector {
  static_assert(N > 0, "insitu: a Vector needs at least one element: write Vector<1> or more");
  static constexpr int size = N;
  T data[static_cast<unsigned>(N)];

  constexpr T& operator[](int i) { return data[i]; }
  constexpr const T& operator[](int i) const { return data[i]; }
  constexpr T* begin() { return data; }
  constexpr const T* begin() const { return data; }
  constexpr T* end() { return data + N; }
  constexpr const T* end() const { return data + N; }
};

/// Rows x Cols numbers, row-major, unpadded: element (r, c) is data[r * Cols + c]. An aggregate like Vector.
template <int Rows, int Cols, class T = float>
struct Matrix {
  static_assert(Rows > 0 && Cols > 0, "insitu: a Matrix needs at least one row and one column: write Matrix<1, 1> or more");
  static constexpr int rows = Rows, cols = Cols, size = Rows * Cols;
  T data[static_cast<unsigned>(Rows * Cols)];

  constexpr T& operator()(int r, int c) { return data[r * Cols + c]; }
  constexpr const T& operator()(int r, int c) const { return data[r * Cols + c]; }
  constexpr T* row(int r) { return data + r * Cols; }
  constexpr const T* row(int r) const { return data + r * Cols; }
  constexpr T* begin() { return data; }
  constexpr const T* begin() const { return data; }
  constexpr T* end() { return data + size; }
  constexpr const T* end() const { return data + size; }
};

static_assert(sizeof(Vector<3>) == 3 * sizeof(float) && alignof(Vector<3>) == alignof(float));
static_assert(sizeof(Matrix<3, 5>) == 15 * sizeof(float) && alignof(Matrix<3, 5>) == alignof(float));

}  // namespace insitu
