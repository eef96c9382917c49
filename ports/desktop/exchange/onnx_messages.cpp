// The classes that protoc makes of onnx.proto, compiled with the flags of the rest. From a folder of system headers: their warnings are not ours.
#include <onnx.pb.cc>
