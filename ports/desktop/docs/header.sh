#!/bin/sh
# header.sh FILE: the header as doxygen wants it: what stands above #pragma once is about the file.
sed '1s|^/// |/// @file\n/// |' "$1"
