/// Status: what came of reading bytes from outside. Kernels cannot fail; readers can.
#pragma once

namespace insitu {

enum class [[nodiscard]] Status{
    Ok,
    NoRecord,          ///< the bytes do not begin with the record's mark
    Newer,             ///< written by a newer version of the format
    Truncated,         ///< fewer bytes than the record says it has
    Damaged,           ///< the checksum does not fit, or sizes contradict each other
    OtherNetwork,      ///< the record belongs to a network of another text
    MissingSection,    ///< the record lacks what was asked for
    WrongSize,         ///< a section has another size than the network needs
    BufferTooSmall,    ///< the caller's memory cannot hold the record
    OtherLayers = 14,  ///< the record holds what other layers of the network were trained to (9 to 13 are codes of the C interface alone)
    DeviceFailed,      ///< a block device could not read, program or erase
    NotSealed,         ///< the record has no seal, or another than its bytes should have
};

/// A sentence for each.
constexpr const char* text(Status status) {
  switch (status) {
    case Status::Ok:
      return "ok";
    case Status::NoRecord:
      return "expected an insitu record, found something else";
    case Status::Newer:
      return "expected a record of this version or an older one, found a newer one";
    case Status::Truncated:
      return "expected the whole record, found its end missing";
    case Status::Damaged:
      return "expected an undamaged record, found one whose checksum or sizes do not fit";
    case Status::OtherNetwork:
      return "expected weights of this network, found those of another";
    case Status::MissingSection:
      return "expected a section that this record does not have";
    case Status::WrongSize:
      return "expected a section of the network's size, found another";
    case Status::BufferTooSmall:
      return "expected a buffer that holds the record, found a smaller one";
    case Status::OtherLayers:
      return "expected the layers that this network trains, found those of one that freezes others";
    case Status::DeviceFailed:
      return "expected a block device that reads, programs and erases, found one that fails";
    case Status::NotSealed:
      return "expected a record with a right seal, found none or a wrong one";
  }
  return "unknown status";
}

}  // namespace insitu
