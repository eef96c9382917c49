// doctest's main, for every port with an operating system; ports/cortex-m/test_main.cpp is its counterpart on bare metal.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
